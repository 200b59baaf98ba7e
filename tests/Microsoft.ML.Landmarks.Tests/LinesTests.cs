namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The width of the code, which `dotnet format` does not look at.</summary>
[TestClass]
public sealed class LinesTests
{
    private const int Longest = 140;

    private static IEnumerable<string> Scripts => Directory.EnumerateFiles(TestFiles.Repository("tests"), "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is "" or ".sh"
            && File.ReadLines(file).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true);

    [TestMethod]
    public void CodeOfTheRepository_EndsLinesAt140Characters()
    {
        string[] folders = [TestFiles.Repository("src"), TestFiles.Repository("tests")];
        string[] files = [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)),
            .. Scripts];

        string[] found =
        [
            .. files.SelectMany(file => File.ReadLines(file).Select((line, i) => (Place: $"{file}:{i + 1}", line.Length)))
                .Where(line => line.Length > Longest).Select(line => $"{line.Place} has {line.Length}"),
        ];

        Assert.IsGreaterThan(300, files.Length);
        Assert.AreEqual("", string.Join('\n', found));
    }
}
