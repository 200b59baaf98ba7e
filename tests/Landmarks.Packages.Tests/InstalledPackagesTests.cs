using System.Text.RegularExpressions;
using Microsoft.ML.Landmarks.Tests;

namespace Landmarks.Packages.Tests;

/// <summary>
/// The packages in an empty folder, as the README says. They come from the feed into a cache that is empty; those of others come from
/// NuGet's folder on this machine.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed partial class InstalledPackagesTests
{
    private static readonly string s_readme = File.ReadAllText(TestFiles.Repository("README.md"));

    private static readonly string s_readmeOfPackage = File.ReadAllText(TestFiles.Repository("src", "Microsoft.ML.Landmarks", "README.md"));

    private static readonly string s_firstProgram = CodeBlock().Match(s_readme).Groups[1].Value;

    private static TemporaryFolder s_folder = null!;

    private static DotNet s_dotnet = null!;

    [ClassInitialize]
    public static void Prepare(TestContext _)
    {
        s_folder = new TemporaryFolder();
        // The latter is where programs of one file are built; .NET takes a folder that is there.
        s_dotnet = new DotNet(s_folder["."], ("NUGET_PACKAGES", s_folder["cache"]),
            ("XDG_DATA_HOME", Directory.CreateDirectory(s_folder["data"]).FullName), ("XDG_CACHE_HOME", s_folder["caches"]));
        s_folder.Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{PackedFeed.Folder}" />
                <add key="others" value="{PackedFeed.OtherPackages}" />
              </packageSources>
              <packageSourceMapping>
                <clear />
                <packageSource key="packed"><package pattern="Microsoft.ML.Landmarks*" /><package pattern="Landmarks.*" /></packageSource>
                <packageSource key="others"><package pattern="*" /></packageSource>
              </packageSourceMapping>
              <fallbackPackageFolders>
                <clear />
                <add key="others" value="{PackedFeed.OtherPackages}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        ReadmeFiles.CopyTo(s_folder);
    }

    [ClassCleanup]
    public static void Delete() => s_folder.Dispose();

    [TestMethod]
    public void Readme_FirstProgram_RunsInAnEmptyProject()
    {
        string[] packages = [.. AddedPackage().Matches(s_readme).Select(match => match.Groups[1].Value)];
        s_dotnet.Run("dotnet", "new", "console", "--no-restore", "-o", "app");
        foreach (string package in packages)
            s_dotnet.Run("dotnet", "add", "app", "package", package);
        s_folder.Write("app/Program.cs", s_firstProgram);

        string answer = s_dotnet.Run("dotnet", "run", "--project", "app");

        Assert.HasCount(3, packages);
        Assert.AreEqual(ReadmeFiles.Landmark, answer.Trim());
        AssertPacked("microsoft.ml.landmarks");
        AssertPacked("microsoft.ml.landmarks.efficientnetlite0");
    }

    [TestMethod]
    public void Readme_FirstProgram_RunsAsOneFile()
    {
        string head = string.Join('\n', Directive().Matches(s_readmeOfPackage).Select(match => match.Groups[1].Value));
        s_folder.Write("app.cs", $"{head}\n{s_firstProgram}");

        string answer = s_dotnet.Run("dotnet", "run", "app.cs");

        Assert.AreEqual(ReadmeFiles.Landmark, answer.Trim());
    }

    [TestMethod]
    public void Tool_Installed_RunsTheSampleFitsAndPredicts()
    {
        string command = ToolInstall().Match(s_readme).Groups[1].Value;
        s_dotnet.Run(command.Replace("--global", "--tool-path tool", StringComparison.Ordinal).Split(' '));
        string photograph = Directory.EnumerateFiles(s_folder["images/test"], "*.jpg", SearchOption.AllDirectories).First();

        string sample = s_dotnet.Run(s_folder["tool/landmarks"], "sample");
        string fit = s_dotnet.Run(s_folder["tool/landmarks"], "fit", "--train-folders", "photos", "--non-landmark-folder", "none",
            "--plain", "--output", "fitted.zip");
        (_, string answers, _)
            = s_dotnet.Try(s_folder["tool/landmarks"], "predict", "--model", "landmarks-sample/landmarks.zip", photograph);

        Assert.Contains("276 images", sample);
        Assert.Contains("From the cache: 0 of ", fit);
        Assert.StartsWith($"{photograph}: ", answers);
    }

    private static void AssertPacked(string id)
        => CollectionAssert.AreEqual((string[])[PackedFeed.Version],
            Directory.EnumerateDirectories(s_folder[$"cache/{id}"]).Select(Path.GetFileName).ToArray());

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^    dotnet add package (\S+)$", RegexOptions.Multiline)]
    private static partial Regex AddedPackage();

    [GeneratedRegex("^    (#:.*)$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex("(dotnet tool install [^`\n]*)")]
    private static partial Regex ToolInstall();
}
