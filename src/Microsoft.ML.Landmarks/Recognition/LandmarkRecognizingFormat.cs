using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Whitening;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>
/// The layout of a saved <see cref="LandmarkRecognizingTransformer"/>: how it learned, the names of the landmarks, what made the features,
/// the whitening where the method has one, the rows as <see cref="KnnLandmarkFormat"/> has them, in its version, and the verdict.
/// </summary>
internal static class LandmarkRecognizingFormat
{
    public static readonly ModelFormat Format = new("LMRECOGN", LandmarkRecognizingTransformer.LoaderName, Version: 2, OldestReadable: 1);

    private const string ReasonsEntry = "Reasons", NamedEntry = "NamedLabels", NamesEntry = "Names";

    /// <param name="model">The model.</param>
    /// <param name="readLandmarks">Reads the step that answers.</param>
    public static RecognitionModel Read(ModelReader model, Func<ModelReader, KnnLandmarkTransformer> readLandmarks)
    {
        var method = (LandmarkMethod)model.ReadInt32("the method", 0, Enum.GetValues<LandmarkMethod>().Length - 1);
        string[] reasons = model.ReadStrings(ReasonsEntry, model.ReadInt32("the number of reasons", 0));
        IReadOnlyDictionary<string, string> names = ReadNames(model);
        Lineage lineage = Lineage.Load(model);
        WhiteningProjection? whitening = method.Whitens() ? WhiteningFormat.ReadProjection(model) : null;
        KnnLandmarkTransformer landmarks = model.ReadPart(KnnLandmarkFormat.Format, readLandmarks);
        if (whitening is not null && whitening.OutputDimension != landmarks.Dimension)
            throw model.Damaged($"rows are whitened to {whitening.OutputDimension} values, and have {landmarks.Dimension}");
        (Verdict? verdict, AnswerColumns columns) = VerdictFormat.Read(model, landmarks.Columns,
            (landmarks.Index as MemoryLandmarkIndex)?.Gallery.Landmarks, whitening?.InputDimension ?? landmarks.Dimension);
        return new RecognitionModel(new ChosenMethod(method, reasons), names, lineage, whitening, landmarks, verdict, columns);
    }

    public static void Write(ModelWriter writer, RecognitionModel model)
    {
        writer.Write((int)model.Chosen.Method);
        writer.Write(model.Chosen.Reasons.Count);
        writer.WriteStrings(ReasonsEntry, model.Chosen.Reasons);
        WriteNames(writer, model.Names);
        model.Lineage.Save(writer);
        if (model.Whitening is { } whitening)
            WhiteningFormat.WriteProjection(writer, whitening);
        writer.WritePart(KnnLandmarkFormat.Format, model.Landmarks.WriteTo);
        VerdictFormat.Write(writer, model.Verdict, model.Columns);
    }

    private static Dictionary<string, string> ReadNames(ModelReader model)
    {
        int count = model.ReadInt32("the number of names", 0);
        string[] labels = model.ReadStrings(NamedEntry, count), names = model.ReadStrings(NamesEntry, count);
        if (labels.Distinct().Count() < count)
            throw model.Damaged(NamedEntry, "has the same one twice");
        return labels.Zip(names).ToDictionary(name => name.First, name => name.Second);
    }

    private static void WriteNames(ModelWriter model, IReadOnlyDictionary<string, string> names)
    {
        KeyValuePair<string, string>[] ordered = [.. names.OrderBy(name => name.Key, StringComparer.Ordinal)];
        model.Write(ordered.Length);
        model.WriteStrings(NamedEntry, [.. ordered.Select(name => name.Key)]);
        model.WriteStrings(NamesEntry, [.. ordered.Select(name => name.Value)]);
    }
}
