using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query was answered with, in a file.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="PredictedLabel">The landmark; empty where there is no answer.</param>
/// <param name="Score">Higher is surer; NaN where there is no answer.</param>
internal sealed partial record LandmarkSubmissionRow(string Id, string PredictedLabel, float Score)
{
    private const string IdColumn = "id", AnswerColumn = "landmarks", LandmarkColumn = "landmark", ScoreColumn = "score";

    /// <summary>
    /// Reads <c>id,landmarks</c>, the second a landmark, a blank and a confidence, or empty where there is no answer; or
    /// <c>id,landmark,score</c>.
    /// </summary>
    public static Func<LandmarkSubmissionRow> Open(CsvReader reader)
    {
        const string Needed = $"'{IdColumn}' and '{AnswerColumn}', or '{IdColumn}', '{LandmarkColumn}' and '{ScoreColumn}'";
        int id = reader.IndexOf(IdColumn, Needed), landmark = reader.IndexOf(LandmarkColumn), score = reader.IndexOf(ScoreColumn);
        var ids = new HashSet<string>();
        if (reader.IndexOf(AnswerColumn) < 0 && landmark >= 0 && score >= 0)
            return () => Parse(reader, reader.ReadKey(id, ids), reader[landmark], reader[score].Trim());
        int answer = reader.IndexOf(AnswerColumn, Needed);
        return () => Parse(reader, reader.ReadKey(id, ids), reader[answer]);
    }

    private static LandmarkSubmissionRow Parse(CsvReader reader, string id, string landmark, string score)
    {
        string name = reader.ReadName(landmark);
        if (name.Length == 0 && score.Length == 0)
            return new LandmarkSubmissionRow(id, "", float.NaN);
        return TryParse(score, out float confidence)
            ? new LandmarkSubmissionRow(id, name, confidence) : throw Errors.CsvScore(reader.File, reader.Line, score);
    }

    private static LandmarkSubmissionRow Parse(CsvReader reader, string id, string answer)
    {
        string text = answer.Trim();
        if (text.Length == 0)
            return new LandmarkSubmissionRow(id, "", float.NaN);
        // The last blank, since a name may hold others.
        int blank = text.LastIndexOf(' ');
        if (blank < 0 || !TryParse(text.AsSpan(blank + 1), out float confidence))
            throw Errors.CsvAnswer(reader.File, reader.Line, answer);
        string name = text[..blank].TrimEnd();
        if (SeveralLandmarks.IsMatch(name))
            throw Errors.CsvAnswers(reader.File, reader.Line, answer);
        return new LandmarkSubmissionRow(id, reader.ReadName(name), confidence);
    }

    private static bool TryParse(ReadOnlySpan<char> text, out float confidence)
        => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out confidence) && float.IsFinite(confidence);

    // A name may hold numbers, and confidences are fractions: 1 0.5 2 is no name, but Area 51 and 2021 07 14 are.
    [GeneratedRegex(@"^(-?\d+\s+(?=\S*[.e])[\d.]+(e[+-]?\d+)?\s+)+-?\d+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SeveralLandmarks { get; }
}
