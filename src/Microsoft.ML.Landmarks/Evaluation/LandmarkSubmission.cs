using System.Globalization;
using System.Text;
using nietras.SeparatedValues;

namespace Microsoft.ML.Landmarks;

/// <summary>Writes predictions as the Google Landmark Recognition challenge takes them.</summary>
internal static class LandmarkSubmission
{
    /// <summary>Writes <c>id,landmarks</c>, a line for each prediction, through a temporary file beside <paramref name="file"/>.</summary>
    public static void Save(IEnumerable<LandmarkPrediction> predictions, string file)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $".{Path.GetFileName(file)}.{Path.GetRandomFileName()}");
        try
        {
            LandmarkPrediction[] rows = [.. predictions];
            Write(rows, temporary);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Write(LandmarkPrediction[] predictions, string file)
    {
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (LandmarkPrediction prediction in predictions.Where(p => p.IsAnswer && float.IsFinite(p.Confidence)))
        {
            minimum = Math.Min(minimum, prediction.Confidence);
            maximum = Math.Max(maximum, prediction.Confidence);
        }

        using var stream = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        using SepWriter writer = Sep.New(',').Writer(o => o with { Escape = true }).To(stream);
        writer.Header.Add("id", "landmarks");
        foreach (LandmarkPrediction prediction in predictions)
        {
            using SepWriter.Row row = writer.NewRow();
            row[0].Set(prediction.Id);
            row[1].Set(prediction.IsAnswer ? $"{prediction.Landmark} {Scale(prediction.Confidence).ToString("F8", CultureInfo.InvariantCulture)}" : "");
        }

        double Scale(double confidence) => maximum > minimum ? Math.Clamp((confidence - minimum) / (maximum - minimum), 0, 1) : 0;
    }
}
