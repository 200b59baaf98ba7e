using System.Globalization;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query was answered with, in a file that also says whether there is a landmark.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="PredictedLabel">The landmark; empty where there is no answer.</param>
/// <param name="Score">Higher is surer; NaN where there is no answer.</param>
/// <param name="IsLandmark">The verdict; false where there is none.</param>
/// <param name="FalseAlarmProbability">NaN where there is none.</param>
/// <param name="UnknownLandmarkProbability">NaN where there is none.</param>
internal sealed record LandmarkVerdictRow(string Id, string PredictedLabel, float Score, bool IsLandmark, float FalseAlarmProbability,
    float UnknownLandmarkProbability)
{
    private const string VerdictColumn = "isLandmark", FalseAlarmColumn = "falseAlarmProbability",
        UnknownColumn = "unknownLandmarkProbability";

    /// <summary>Whether a file has a verdict in some row: a model that gives none leaves the column empty.</summary>
    public static bool IsIn(CsvReader reader)
    {
        int column = reader.IndexOf(VerdictColumn);
        while (column >= 0 && reader.MoveNext())
        {
            if (!string.IsNullOrWhiteSpace(reader[column]))
                return true;
        }

        return false;
    }

    /// <summary>Reads the columns of <see cref="LandmarkSubmissionRow.Open"/>, and those of the verdict.</summary>
    public static Func<LandmarkVerdictRow> Open(CsvReader reader)
    {
        Func<LandmarkSubmissionRow> read = LandmarkSubmissionRow.Open(reader);
        int verdict = reader.IndexOf(VerdictColumn), falseAlarm = reader.IndexOf(FalseAlarmColumn), unknown = reader.IndexOf(UnknownColumn);
        return () =>
        {
            LandmarkSubmissionRow row = read();
            return new LandmarkVerdictRow(row.Id, row.PredictedLabel, row.Score, ReadVerdict(reader, verdict),
                ReadProbability(reader, falseAlarm), ReadProbability(reader, unknown));
        };
    }

    private static bool ReadVerdict(CsvReader reader, int column)
        => reader[column].Trim() is { Length: > 0 } text
            && (bool.TryParse(text, out bool value) ? value : throw Errors.CsvVerdict(reader.File, reader.Line, VerdictColumn, text));

    private static float ReadProbability(CsvReader reader, int column)
    {
        if (column < 0 || reader[column].Trim() is not { Length: > 0 } text)
            return float.NaN;
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and <= 1
            ? value : throw Errors.CsvProbability(reader.File, reader.Line, reader.Columns[column], text);
    }
}
