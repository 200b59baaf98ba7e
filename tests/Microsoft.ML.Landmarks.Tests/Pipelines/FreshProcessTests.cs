using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Pipelines;

/// <summary>Models in a process that only references the package, and names no type of it.</summary>
[TestClass]
public sealed class FreshProcessTests
{
    private static readonly string s_program = Path.Combine(TestFiles.ProgramFolder("FreshProcess"), "FreshProcess.dll");

    [TestMethod]
    public void Load_ChainOfPhotographs_PredictsTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        GoldenCase[] cases = [.. GoldenCase.ReadAll()
            .Where(c => c.Name.StartsWith("square", StringComparison.Ordinal) || c.Name.StartsWith("large", StringComparison.Ordinal))];
        PhotoRow[] rows = [.. cases.Select((c, i) => new PhotoRow { ImagePath = c.Path, Label = i % 3 - 1 })];
        IDataView photos = mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 128)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network, batchSize: 4))
            .Append(mlContext.Transforms.KnnLandmark()).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        folder.Write("paths.txt", string.Join('\n', rows.Select(r => r.ImagePath)));

        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."], "model.zip", "paths", "paths.txt");

        Assert.AreEqual((0, ""), (exitCode, errors));
        AssertSame(Lines(model.Transform(photos)), output);
    }

    [TestMethod]
    [DataRow(1, 3, false)]
    [DataRow(37, 50, false)]
    [DataRow(1280, 20, false)]
    [DataRow(37, 50, true)]
    [DataRow(1280, 20, true)]
    public void Load_KnnLandmark_PredictsTheSameBits(int dimension, int count, bool whiten)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        LabeledRow[] rows = [.. FeatureView.Random(count, dimension, seed: 5)
            .Append(new LabeledRow { Label = -1, Features = [.. Enumerable.Repeat(-1f, dimension)] })];
        IDataView view = FeatureView.Create(mlContext, rows, dimension);
        KnnLandmarkEstimator landmarks = mlContext.Transforms.KnnLandmark();
        ITransformer model = whiten ? mlContext.Transforms.WhitenFeatures("Features").Append(landmarks).Fit(view) : landmarks.Fit(view);
        mlContext.Model.Save(model, view.Schema, folder["model.zip"]);
        File.WriteAllBytes(folder["features.f32"], MemoryMarshal.AsBytes<float>(rows.SelectMany(r => r.Features).ToArray()).ToArray());

        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."], "model.zip", "features", "features.f32");

        Assert.AreEqual((0, ""), (exitCode, errors));
        AssertSame(Lines(model.Transform(view)), output);
    }

    [TestMethod]
    public void Load_WithoutNativeOnnxRuntime_NamesThePackageToAdd()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable([new PhotoRow { ImagePath = GoldenCase.ReadAll()[0].Path }]);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx"))).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        CopyProgramWithoutOnnxRuntime(folder["program"]);

        (int exitCode, string[] _, string errors) =
            ChildProcess.Run(Path.Combine(folder["program"], "FreshProcess.dll"), folder["."], "model.zip", "paths", "model.zip");

        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(errors, "There is no native ONNX Runtime for this machine. Add the package Microsoft.ML.OnnxRuntime to the "
            + "application, or Microsoft.ML.OnnxRuntime.Gpu.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Predict_HeicWithoutMagick_NamesThePackageToAdd()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        string heic = TestFiles.Golden("pictures", "heic_telephone.heic");
        IDataView photos = mlContext.Data.LoadFromEnumerable<PhotoRow>(
            [new() { ImagePath = heic, Label = 1 }, new() { ImagePath = heic, Label = -1 }]);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.KnnLandmark()).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        folder.Write("paths.txt", heic);

        (int exitCode, string[] _, string errors) = ChildProcess.Run(s_program, folder["."], "model.zip", "paths", "paths.txt");

        Assert.AreNotEqual(0, exitCode);
        StringAssert.Contains(errors, $"Row 0: '{heic}': HEIC is read by Magick.NET, which the application does not have. Add the package "
            + "Magick.NET-Q8-AnyCPU to it ('dotnet add package Magick.NET-Q8-AnyCPU'), or convert what is of such a kind to JPEG.",
            StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Load_NetworkThatOnnxRuntimeWarnsOf_PrintsNothing(bool environment)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        string path = GoldenCase.ReadAll()[0].Path;
        IDataView photos = mlContext.Data.LoadFromEnumerable<PhotoRow>(
            [new() { ImagePath = path, Label = 1 }, new() { ImagePath = path, Label = -1 }]);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "unused_weights.onnx")))
            .Append(mlContext.Transforms.KnnLandmark()).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        folder.Write("paths.txt", path);

        (int exitCode, string[] output, string errors) =
            ChildProcess.Run(s_program, folder["."],
            ["model.zip", "paths", "paths.txt", .. environment ? ["environment"] : Array.Empty<string>()]);

        Assert.AreEqual((0, ""), (exitCode, errors));
        Assert.HasCount(2, output);
    }

    private static void CopyProgramWithoutOnnxRuntime(string target)
    {
        string source = Path.GetDirectoryName(s_program)!;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetFileName(file);
            if (name.Contains("onnxruntime", StringComparison.Ordinal) && name != "Microsoft.ML.OnnxRuntime.dll")
                continue;
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static string[] Lines(IDataView predictions)
        => [.. predictions.Values<int>("PredictedLabel").Zip(predictions.Values<float>("Score"),
        (label, score) => string.Create(CultureInfo.InvariantCulture, $"{label} {BitConverter.SingleToInt32Bits(score):x8}"))];

    // The view first, then the prediction engine.
    private static void AssertSame(string[] expected, string[] output)
        => CollectionAssert.AreEqual(expected.Concat(expected).ToArray(), output);

    private sealed class PhotoRow
    {
        public string ImagePath { get; set; } = "";

        public int Label { get; set; }
    }
}
