using System.Globalization;

namespace Landmarks.Demo.Data;

/// <summary>Reads predictions as they are written for the Google Landmark Recognition challenge.</summary>
internal static class Submission
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
            answers.Add(Parse(fields[0], fields[1].Trim()) ?? throw Errors.Prediction(file, line, fields[1]));
        }

        return answers;
    }

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
