using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Microsoft.ML.Landmarks.Tests;

namespace Landmarks.Packages.Tests;

/// <summary>What lies in the packages.</summary>
[TestClass]
public sealed class PackageContentTests
{
    private const string Library = "Microsoft.ML.Landmarks";
    private const string PostgreSql = "Microsoft.ML.Landmarks.PostgreSql";
    private const string Network = "Microsoft.ML.Landmarks.EfficientNetLite0";
    private const string Tool = "Landmarks.Demo";

    private static readonly string[] s_platforms = ["linux-arm64", "linux-x64", "osx-arm64", "win-arm64", "win-x64"];

    [TestMethod]
    public void Pack_TheRepository_MakesTheseAndNoOthers()
    {
        string[] names = [Library, PostgreSql, Network, Tool, .. s_platforms.Select(platform => $"{Tool}.{platform}")];

        CollectionAssert.AreEquivalent(
            (string[])[.. names.Select(name => $"{name}.{PackedFeed.Version}.nupkg"),
                .. ((string[])[Library, PostgreSql, Network]).Select(name => $"{name}.{PackedFeed.Version}.snupkg")],
            PackedFeed.FileNames);
    }

    [TestMethod]
    [DataRow(Library, "MIT")]
    [DataRow(PostgreSql, "MIT")]
    [DataRow(Network, "MIT AND Apache-2.0")]
    [DataRow(Tool, "MIT")]
    [DataRow($"{Tool}.linux-x64", "MIT")]
    public void Pack_APackage_SaysWhatItIs(string id, string license)
    {
        using ZipArchive package = PackedFeed.Open(id);
        XElement metadata = PackedFeed.ReadMetadata(package);
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.AreEqual((id, license), (Value("id"), Value("license")));
        Assert.AreNotEqual("", Value("description"));
        Assert.Contains("landmark-recognition", Value("tags").Split(' '));
        Assert.StartsWith("### ", Value("releaseNotes"));
        Assert.DoesNotContain("\n## ", Value("releaseNotes"));
        Assert.IsNotNull(package.GetEntry(Value("readme")));
        byte[] png = new byte[24];
        using (Stream icon = package.GetEntry(Value("icon"))!.Open())
            icon.ReadExactly(png);
        CollectionAssert.AreEqual((byte[])[0, 0, 0, 128, 0, 0, 0, 128], png[16..]);
    }

    [TestMethod]
    [DataRow(Library, "/_/src/Microsoft.ML.Landmarks/LandmarksCatalog.cs")]
    [DataRow(PostgreSql, "/_/src/Microsoft.ML.Landmarks.PostgreSql/PostgresLandmarkIndex.cs")]
    [DataRow(Network, "/_/models/EfficientNetLite0.cs")]
    public void Pack_ALibrary_HasSymbolsWhoseSourcesHaveTheirPlaceInTheRepository(string id, string source)
    {
        if (!Path.Exists(TestFiles.Repository(".git")))
            Assert.Inconclusive("Sources have a place in a repository where Git knows them.");
        using ZipArchive package = PackedFeed.Open(id, "snupkg");
        using var symbols = new MemoryStream();
        using (Stream file = package.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
            file.CopyTo(symbols);
        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        MetadataReader reader = provider.GetMetadataReader();

        string[] sources = [.. reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name))];

        Assert.Contains(source, sources);
        Assert.IsEmpty(sources.Where(file => file.StartsWith(TestFiles.Repository(), StringComparison.Ordinal)));
    }

    /// <summary>Who keeps rows in memory has no driver of a database.</summary>
    [TestMethod]
    [DataRow(Library, new string[] { })]
    [DataRow(PostgreSql, new[] { "Microsoft.ML.Landmarks", "Npgsql", "Pgvector" })]
    public void Pack_APackage_NeedsADatabaseOnlyWhereItIsForOne(string id, string[] expected)
    {
        using ZipArchive package = PackedFeed.Open(id);

        string[] needed = [.. PackedFeed.ReadMetadata(package).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value)];

        CollectionAssert.AreEquivalent(expected, needed.Where(name => name is Library or "Npgsql" or "Pgvector").ToArray());
    }

    [TestMethod]
    public void Pack_TheNetwork_BringsItsLicenseAlong()
    {
        using ZipArchive package = PackedFeed.Open(Network);

        CollectionAssert.IsSubsetOf(
            (string[])["models/efficientnet_lite0_gem.onnx", "models/LICENSE.Apache-2.0.txt", "models/NOTICE.efficientnet_lite0.txt",
                "models/README.md", $"buildTransitive/{Network}.targets", $"lib/net10.0/{Network}.dll"],
            package.Entries.Select(entry => entry.FullName).ToArray());
    }

    [TestMethod]
    public void Pack_TheTool_NamesThePackageOfEachPlatform()
    {
        using ZipArchive package = PackedFeed.Open(Tool);
        using Stream settings = package.Entries.Single(entry => entry.Name == "DotnetToolSettings.xml").Open();

        string[] named = [.. XDocument.Load(settings).Descendants("RuntimeIdentifierPackage")
            .Select(element => $"{element.Attribute("RuntimeIdentifier")!.Value} {element.Attribute("Id")!.Value}")];

        CollectionAssert.AreEquivalent(s_platforms.Select(platform => $"{platform} {Tool}.{platform}").ToArray(), named);
    }

    /// <summary>Libraries are told apart by their first bytes, not by their names.</summary>
    [TestMethod]
    [DataRow("linux-arm64", "ELF 183")]
    [DataRow("linux-x64", "ELF 62")]
    [DataRow("osx-arm64", "Mach-O")]
    [DataRow("win-arm64", "PE Arm64")]
    [DataRow("win-x64", "PE Amd64")]
    public void Pack_TheToolForAPlatform_HasItsLibrariesAloneAndNoSymbols(string platform, string format)
    {
        string id = $"{Tool}.{platform}";
        using ZipArchive package = PackedFeed.Open(id);
        string root = $"tools/net10.0/{platform}/";

        var formats = package.Entries.Select(entry => (entry.FullName, Format: FormatOf(entry))).Where(file => file.Format is not null)
            .ToDictionary(file => file.FullName, file => file.Format);
        string[] extensions = [.. package.Entries.Select(entry => Path.GetExtension(entry.Name)).Distinct()];

        foreach (string library in (string[])["onnxruntime.", "libSkiaSharp.", "e_sqlite3.", "Magick.Native-Q8-"])
            Assert.ContainsSingle(name => name.Contains(library, StringComparison.Ordinal), formats.Keys, library);
        Assert.IsEmpty(formats.Where(file => file.Value != format).Select(file => $"{file.Key}: {file.Value}"));
        Assert.IsEmpty(extensions.Intersect([".pdb", ".dbg", ".dwarf", ".lib", ".zip", ".aar"]));
        Assert.IsNotNull(package.GetEntry($"{root}models/efficientnet_lite0_gem.onnx"));
        Assert.IsNotNull(package.GetEntry($"{root}Sample/attribution.csv"));
        Assert.IsNotNull(package.GetEntry($"{root}Magick.NET.Notice.txt"));
        Assert.IsLessThan(75_000_000, new FileInfo(Path.Combine(PackedFeed.Folder, $"{id}.{PackedFeed.Version}.nupkg")).Length);
    }

    [TestMethod]
    public void Pack_TheLibraryWithoutATypeOfTheBaseline_Fails()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(PackedFeed.Folder, $"{Library}.{PackedFeed.Version}.nupkg"), folder["baseline.nupkg"]);
        using (ZipArchive package = ZipFile.Open(folder["baseline.nupkg"], ZipArchiveMode.Update))
            PublicType.AddTo(package.GetEntry($"lib/net10.0/{Library}.dll")!, "Microsoft.ML", "GoneSince");

        (int exitCode, string output, string _) = PackedFeed.PackLibrary(folder["baseline.nupkg"]);

        Assert.AreNotEqual(0, exitCode);
        Assert.Contains("error CP0001: Type 'Microsoft.ML.GoneSince' exists on [Baseline]", output);
    }

    [TestMethod]
    public void Baseline_OfTheLibrary_IsWhatPackTakes()
    {
        using ZipArchive package = ZipFile.OpenRead(TestFiles.Repository("packaging", "baselines", $"{Library}.nupkg"));

        Assert.AreEqual(Library, PackedFeed.ReadMetadata(package).Elements().First().Value);
        Assert.IsNotNull(package.GetEntry($"lib/net10.0/{Library}.dll"));
    }

    /// <returns>What a native library or program is for; null for any other file.</returns>
    private static string? FormatOf(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] start = new byte[20];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..length] switch
        {
            [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => $"ELF {BitConverter.ToUInt16(start, 18)}",
            [0xcf, 0xfa, 0xed, 0xfe, ..] or [0xca, 0xfe, 0xba, 0xbe, ..] => "Mach-O",
            [(byte)'M', (byte)'Z', ..] => NativeMachine(entry),
            _ => null
        };
    }

    private static string? NativeMachine(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        using var reader = new PEReader(bytes);
        return reader.HasMetadata ? null : $"PE {reader.PEHeaders.CoffHeader.Machine}";
    }
}
