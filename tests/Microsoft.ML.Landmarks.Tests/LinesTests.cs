namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The width of the code, which `dotnet format` does not look at.</summary>
[TestClass]
public sealed class LinesTests
{
    private const int Longest = 140;

    [TestMethod]
    public void CodeOfTheRepository_EndsLinesAt140Characters()
    {
        string[] folders = [TestFiles.Repository("src"), TestFiles.Repository("tests")];
        string[] files = [.. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))];

        string[] found =
        [
            .. files.SelectMany(file => File.ReadLines(file).Select((line, i) => (Place: $"{file}:{i + 1}", line.Length)))
                .Where(line => line.Length > Longest).Select(line => $"{line.Place} has {line.Length}"),
        ];

        Assert.IsGreaterThan(300, files.Length);
        Assert.AreEqual("", string.Join('\n', found));
    }
}
