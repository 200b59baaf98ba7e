using System.Globalization;
using System.Text;
using Microsoft.ML.Landmarks.Files;
using nietras.SeparatedValues;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Writes predictions as the Google Landmark Recognition challenge takes them.</summary>
internal static class LandmarkSubmission
{
    /// <summary>Writes <c>id,landmarks</c>, a line for each prediction. That the file can be written is found before any is read.</summary>
    public static void Save(IEnumerable<LandmarkPrediction> predictions, string file)
    {
        using OutputFile output = OutputFile.Open(file);
        Save(predictions, output.Stream);
        output.Commit();
    }

    /// <inheritdoc cref="Save(IEnumerable{LandmarkPrediction}, string)"/>
    public static void Save(IEnumerable<LandmarkPrediction> predictions, Stream stream) => Write([.. predictions], stream);

    private static void Write(LandmarkPrediction[] predictions, Stream stream)
    {
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (LandmarkPrediction prediction in predictions.Where(p => p.IsAnswer && float.IsFinite(p.Confidence)))
        {
            minimum = Math.Min(minimum, prediction.Confidence);
            maximum = Math.Max(maximum, prediction.Confidence);
        }

        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            leaveOpen: true)
        { NewLine = "\n" };
        using SepWriter writer = Sep.New(',').Writer(o => o with { Escape = true }).To(text);
        writer.Header.Add("id", "landmarks");
        foreach (LandmarkPrediction prediction in predictions)
        {
            using SepWriter.Row row = writer.NewRow();
            row[0].Set(prediction.Id);
            row[1].Set(prediction.IsAnswer
                ? $"{prediction.Landmark} {Scale(prediction.Confidence).ToString("F8", CultureInfo.InvariantCulture)}" : "");
        }

        double Scale(double confidence) => maximum > minimum ? Math.Clamp((confidence - minimum) / (maximum - minimum), 0, 1) : 0;
    }
}
