using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>Figures say when, by which code and how they were measured.</summary>
[TestClass]
public sealed partial class ResultsTests
{
    [TestMethod]
    public void Results_EachFile_HasDateCommitAndCommand()
    {
        string[] files = Directory.GetFiles(TestFiles.Repository("tests", "Microsoft.ML.Landmarks.Benchmarks", "Results"), "*.md",
            SearchOption.AllDirectories);

        Assert.IsEmpty(files.Where(file => !(new[] { Date(), Commit(), Command() }).All(part => part.IsMatch(File.ReadAllText(file)))));
        Assert.IsGreaterThan(6, files.Length);
    }

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\d\b")]
    private static partial Regex Date();

    [GeneratedRegex(@"\bcommit [0-9a-f]{7}\b")]
    private static partial Regex Commit();

    [GeneratedRegex(@"(^    |`)(dotnet run|dotnet publish|landmarks (compare|fit|evaluate)) ", RegexOptions.Multiline)]
    private static partial Regex Command();
}
