using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Tests.Flavors;

/// <summary>The packages that each project asks for, for the CPU and for CUDA: read from the project files, without a restore.</summary>
[TestClass]
public sealed class FlavorTests
{
    private const string Library = "Microsoft.ML.Landmarks", DatabaseLibrary = "Microsoft.ML.Landmarks.PostgreSql",
        TorchTests = "Microsoft.ML.Landmarks.Torch.Tests", Benchmarks = "Microsoft.ML.Landmarks.Benchmarks";

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void References_EachProject_HaveTheNativePackagesOfTheFlavor(bool cuda)
    {
        ILookup<string, string> references = Read("References", cuda).ToLookup(p => p.Project, p => p.Package);

        CollectionAssert.IsSubsetOf(new[] { Library, TorchTests, "Landmarks.Demo", "Microsoft.ML.Landmarks.Tests" },
            references.Select(p => p.Key).ToArray());
        foreach (IGrouping<string, string> project in references)
        {
            string[] onnx = [.. project.Where(IsOnnxRuntime)], torch = [.. project.Where(IsTorch)];
            bool isLibrary = project.Key is Library or DatabaseLibrary;
            string[] expectedOnnx = isLibrary ? [] : [cuda ? "Microsoft.ML.OnnxRuntime.Gpu" : "Microsoft.ML.OnnxRuntime"];
            string[] expectedTorch = isLibrary ? [] : cuda
                ? ["TorchSharp-cuda-linux"] : project.Key is TorchTests or Benchmarks ? ["libtorch-cpu-*"] : [];
            CollectionAssert.AreEqual(expectedOnnx, onnx, project.Key);
            CollectionAssert.AreEqual(expectedTorch,
                torch.Select(t => t.StartsWith("libtorch-cpu-", StringComparison.Ordinal) ? "libtorch-cpu-*" : t).ToArray(), project.Key);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Versions_ManagedAndNative_AreTheSame(bool cuda)
    {
        Dictionary<string, string> versions = Read("Versions", cuda).Where(p => p.Project == Library)
            .ToDictionary(p => p.Package, p => p.Version!);

        Assert.AreEqual(versions["Microsoft.ML.OnnxRuntime.Managed"],
            versions[cuda ? "Microsoft.ML.OnnxRuntime.Gpu" : "Microsoft.ML.OnnxRuntime"]);
        if (cuda)
        {
            Assert.AreEqual(versions["TorchSharp"], versions["TorchSharp-cuda-linux"]);
            // Brackets: no other version takes their place.
            Assert.AreEqual(("[1.26.0]", "[0.106.0]"), (versions["Microsoft.ML.OnnxRuntime.Gpu"], versions["TorchSharp"]));
        }

        // TorchSharp has a constant with the version of libtorch that it was made for.
        byte[] torchSharp = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"));
        foreach ((string package, string version) in versions.Where(v => v.Key.StartsWith("libtorch-cpu-", StringComparison.Ordinal)))
            Assert.IsGreaterThanOrEqualTo(0, torchSharp.AsSpan().IndexOf(Encoding.Unicode.GetBytes($"{version}.0")), package);
    }

    private static bool IsOnnxRuntime(string package)
        => package.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)
        && !package.EndsWith(".Managed", StringComparison.Ordinal);

    private static bool IsTorch(string package)
        => package.StartsWith("TorchSharp-", StringComparison.Ordinal) || package.StartsWith("libtorch-", StringComparison.Ordinal);

    private static (string Project, string Package, string? Version)[] Read(string target, bool cuda)
    {
        string[] arguments = ["msbuild", TestFiles.Repository("tests", "Microsoft.ML.Landmarks.Tests", "Flavors", "packages.proj"),
            $"-getTargetResult:{target}", $"-p:LandmarksCuda={cuda}"];
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output);
        using var json = JsonDocument.Parse(output);
        return [.. json.RootElement.GetProperty("TargetResults").GetProperty(target).GetProperty("Items").EnumerateArray().Select(item => (
            Path.GetFileNameWithoutExtension(item.GetProperty("MSBuildSourceProjectFile").GetString()!),
            item.GetProperty("Identity").GetString()!,
            item.TryGetProperty("Version", out JsonElement version) ? version.GetString() : null))];
    }
}
