using System.IO.Compression;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Devices;

/// <summary>The device of a search, on a machine that has no GPU 99.</summary>
[TestClass]
public sealed class KnnLandmarkDeviceTests
{
    [TestMethod]
    public void KnnLandmark_GpuByOption_Throws()
    {
        // This program has the native packages for the CPU.
        var error = Assert.ThrowsExactly<GpuUnavailableException>(()
            => new MLContext().Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { GpuDeviceId = 99 }));
        Assert.AreEqual("GPU 99: there is no torch for CUDA. Add the package TorchSharp-cuda-linux to the application. Or allow the CPU "
            + "in its place by FallbackToCpu.", error.Message);
    }

    [TestMethod]
    public void KnnLandmark_GpuByContext_Throws()
        => Assert.AreEqual(99, Assert.ThrowsExactly<GpuUnavailableException>(()
        => new MLContext { GpuDeviceId = 99, FallbackToCpu = false }.Transforms.KnnLandmark()).Gpu);

    [TestMethod]
    public void KnnLandmark_GpuWithFallback_WarnsAndGivesTheSameModel()
    {
        using var folder = new TemporaryFolder();
        Fit(new MLContext(seed: 1), new KnnLandmarkEstimator.Options(), folder["cpu.zip"]);
        var mlContext = new MLContext(seed: 1);
        List<string> warnings = mlContext.CollectWarnings();

        Fit(mlContext, new KnnLandmarkEstimator.Options { GpuDeviceId = 99, FallbackToCpu = true }, folder["gpu.zip"]);

        StringAssert.EndsWith(Assert.ContainsSingle(warnings), " The CPU takes its place.", StringComparison.Ordinal);
        CollectionAssert.AreEqual(Entries(folder["cpu.zip"]), Entries(folder["gpu.zip"]), "the device is no part of the model");
    }

    [TestMethod]
    public void RecognizeLandmarks_Gpu_ThrowsOrWarnsOnceAndGivesTheSameModel()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        List<string> warnings = mlContext.CollectWarnings();
        // The choice of a method fits many steps.
        IDataView view = FeatureView.Create(mlContext,
            FeatureView.Random(60, 8, seed: 5).Select((row, i) => new LabeledRow { Label = i % 10 - 1, Features = row.Features }), 8);
        Fit(new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null }, "cpu.zip");

        Fit(new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, GpuDeviceId = 99, FallbackToCpu = true }, "gpu.zip");

        StringAssert.EndsWith(Assert.ContainsSingle(warnings), " The CPU takes its place.", StringComparison.Ordinal);
        CollectionAssert.AreEqual(Entries(folder["cpu.zip"]), Entries(folder["gpu.zip"]), "the device is no part of the model");
        Assert.AreEqual(99, Assert.ThrowsExactly<GpuUnavailableException>(()
            => mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { GpuDeviceId = 99 })).Gpu);
        Assert.StartsWith("GPU 99: there is no torch for CUDA.", UnavailableGpu.LoadOnto(folder["cpu.zip"]).Message);

        void Fit(LandmarkRecognizingEstimator.Options options, string file)
            => mlContext.Model.Save(mlContext.Transforms.RecognizeLandmarks(options).Fit(view), view.Schema, folder[file]);
    }

    [TestMethod]
    public void Load_GpuByContext_ThrowsOrWarns()
    {
        using var folder = new TemporaryFolder();
        Fit(new MLContext(seed: 1), new KnnLandmarkEstimator.Options(), folder["model.zip"]);

        StringAssert.StartsWith(UnavailableGpu.LoadOnto(folder["model.zip"]).Message, "GPU 99: there is no torch for CUDA.",
            StringComparison.Ordinal);
        var withFallback = new MLContext { GpuDeviceId = 99, FallbackToCpu = true };
        List<string> warnings = withFallback.CollectWarnings();
        withFallback.Model.Load(folder["model.zip"], out _);

        Assert.HasCount(1, warnings);
    }

    private static void Fit(MLContext mlContext, KnnLandmarkEstimator.Options options, string file)
    {
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(20, 8, seed: 5), 8);
        mlContext.Model.Save(mlContext.Transforms.KnnLandmark(options).Fit(view), view.Schema, file);
    }

    private static string[] Entries(string file)
    {
        using ZipArchive zip = ZipFile.OpenRead(file);
        return [.. zip.Entries.Select(entry => $"{entry.FullName} {entry.Length} {entry.Crc32}")];
    }
}
