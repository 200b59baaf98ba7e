using System.Globalization;
using System.Text.RegularExpressions;

namespace Landmarks.Demo.Data;

/// <summary>Reads predictions as they are written for the Google Landmark Recognition challenge.</summary>
internal static partial class Submission
{
    private static readonly string[] s_idColumn = ["id"], s_answerColumn = ["landmarks"];

    /// <summary>Reads <c>id,landmarks</c>, whose second field is a landmark, a blank and a confidence, or empty where there is no answer.</summary>
    /// <exception cref="JobFailedException">The file can't be read; the message names file and line.</exception>
    public static IReadOnlyList<Answer> Read(string file)
    {
        var ids = new HashSet<string>();
        List<Answer> answers = [];
        foreach ((int line, string[] fields) in CsvFile.Read(file, s_idColumn, s_answerColumn))
        {
            if (!ids.Add(fields[0]))
                throw Errors.Twice(file, line, fields[0]);
            Answer answer = Parse(fields[0], fields[1].Trim()) ?? throw Errors.Prediction(file, line, fields[1]);
            if (SeveralLandmarks.IsMatch(answer.PredictedLabel))
                throw Errors.PredictionOfSeveral(file, line, fields[1]);
            answers.Add(answer);
        }

        return answers;
    }

    // A landmark may be named by a text with blanks, numbers among them, and confidences are fractions: 1 0.5 2 is no name, but Area 51 and 2021 07 14 are.
    [GeneratedRegex(@"^(-?\d+\s+(?=\S*[.e])[\d.]+(e[+-]?\d+)?\s+)+-?\d+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SeveralLandmarks { get; }

    private static Answer? Parse(string id, string prediction)
    {
        if (prediction.Length == 0)
            return new Answer { Id = id, PredictedLabel = "", Score = float.NaN };
        // The last blank, since a landmark that is named by a text may hold others.
        int blank = prediction.LastIndexOf(' ');
        if (blank < 0 || !float.TryParse(prediction.AsSpan(blank + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out float confidence) || !float.IsFinite(confidence))
            return null;
        return new Answer { Id = id, PredictedLabel = prediction[..blank].TrimEnd(), Score = confidence };
    }
}
