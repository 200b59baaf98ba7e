using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.ML.Landmarks.Tests;

namespace Landmarks.Packages.Tests;

/// <summary>All packages of the repository, packed once for all tests, by a build that shares no folder with that of the clone.</summary>
[TestClass]
public static class PackedFeed
{
    private static TemporaryFolder? s_folder;

    /// <summary>Differs from that of any package that this machine may hold.</summary>
    public static string Version { get; } = $"0.1.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";

    public static string Folder => s_folder!["packages"];

    /// <summary>NuGet's folder on this machine, which is laid out as a feed is.</summary>
    public static string OtherPackages { get; } =
        typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PackageRoot").Value!;

    public static string[] FileNames => [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file))];

    private static string Artifacts => s_folder!["artifacts"];

    [AssemblyInitialize]
    public static void Pack(TestContext _)
    {
        s_folder = new TemporaryFolder();
        // What is packed was analyzed when it was built for these tests.
        (int exitCode, string output, string errors) = Pack("-o", Folder, "-p:RunAnalyzers=false");
        Assert.AreEqual((0, ""), (exitCode, errors), output);
    }

    [AssemblyCleanup]
    public static void Delete() => s_folder?.Dispose();

    /// <summary>Packs the library once more, from what was built, and compares it with another baseline.</summary>
    public static (int ExitCode, string Output, string Errors) PackLibrary(string baseline)
    {
        // What was compared once, and has not changed, is not compared again, whatever with.
        foreach (string mark in Directory.EnumerateFiles(Artifacts, "*.ValidatePackage.semaphore", SearchOption.AllDirectories))
            File.Delete(mark);
        return Pack("src/Microsoft.ML.Landmarks", "--no-build", "-o", s_folder!["again"], $"-p:PackageValidationBaseline={baseline}");
    }

    public static ZipArchive Open(string id, string extension = "nupkg")
        => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.{extension}"));

    public static XElement ReadMetadata(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    /// <summary>Takes what it needs of others from NuGet's folder on this machine, so that no network is needed.</summary>
    private static (int ExitCode, string Output, string Errors) Pack(params string[] arguments)
        => new DotNet(TestFiles.Repository()).Try(["dotnet", "pack", .. arguments,
            $"-p:PackageVersion={Version}", $"-p:ArtifactsPath={Artifacts}", $"-p:RestoreSources={OtherPackages}"]);
}
