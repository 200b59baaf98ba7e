using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query was answered with, in a file.</summary>
/// <param name="Id">The query's id.</param>
/// <param name="PredictedLabel">The landmark; empty where there is no answer.</param>
/// <param name="Score">Higher is surer; NaN where there is no answer.</param>
internal sealed partial record LandmarkSubmissionRow(string Id, string PredictedLabel, float Score)
{
    private const string IdColumn = "id", AnswerColumn = "landmarks";

    /// <summary>Reads <c>id,landmarks</c>, the second a landmark, a blank and a confidence, or empty where there is no answer.</summary>
    public static Func<LandmarkSubmissionRow> Open(CsvReader reader)
    {
        const string Needed = $"'{IdColumn}' and '{AnswerColumn}'";
        int id = reader.IndexOf(IdColumn, Needed), answer = reader.IndexOf(AnswerColumn, Needed);
        var ids = new HashSet<string>();
        return () => Parse(reader, reader.ReadKey(id, ids), reader[answer]);
    }

    private static LandmarkSubmissionRow Parse(CsvReader reader, string id, string answer)
    {
        string text = answer.Trim();
        if (text.Length == 0)
            return new LandmarkSubmissionRow(id, "", float.NaN);
        // The last blank, since a name may hold others.
        int blank = text.LastIndexOf(' ');
        if (blank < 0
            || !float.TryParse(text.AsSpan(blank + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out float confidence)
            || !float.IsFinite(confidence))
            throw Errors.CsvAnswer(reader.File, reader.Line, answer);
        string name = text[..blank].TrimEnd();
        if (SeveralLandmarks.IsMatch(name))
            throw Errors.CsvAnswers(reader.File, reader.Line, answer);
        return new LandmarkSubmissionRow(id, reader.ReadName(name), confidence);
    }

    // A name may hold numbers, and confidences are fractions: 1 0.5 2 is no name, but Area 51 and 2021 07 14 are.
    [GeneratedRegex(@"^(-?\d+\s+(?=\S*[.e])[\d.]+(e[+-]?\d+)?\s+)+-?\d+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SeveralLandmarks { get; }
}
