using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>What holds for the READMEs' text.</summary>
[TestClass]
public sealed partial class ReadmeTextTests
{
    private const int MostWords = 900;

    [TestMethod]
    public void Readme_OfTheRepository_IsShort()
        => Assert.IsLessThanOrEqualTo(MostWords, Readme.Of().Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    [TestMethod]
    public void Readmes_Links_LeadSomewhere()
    {
        string[] links = [.. Readme.All.SelectMany(readme => readme.Links().Select(link => $"{readme.File}: {link}"))];

        Assert.IsEmpty(Readme.All.SelectMany(readme => readme.Links().Where(link => !LeadsSomewhere(readme, link))
            .Select(link => $"{readme.File}: {link}")));
        Assert.IsGreaterThan(20, links.Length);
    }

    /// <summary>Who reads a package's README elsewhere has no files beside it.</summary>
    [TestMethod]
    [DataRow("src/Microsoft.ML.Landmarks")]
    [DataRow("src/Microsoft.ML.Landmarks.PostgreSql")]
    [DataRow("src/Landmarks.Demo")]
    [DataRow("models")]
    public void Readme_OfAPackage_LinksToNoFile(string folder)
        => Assert.IsEmpty(Readme.Of(folder.Split('/')).Links().Where(link => !link.StartsWith('#') && !IsAddress(link)));

    [TestMethod]
    public void Readmes_Words_AreAmerican()
        => Assert.IsEmpty(Readme.All.SelectMany(readme => British().Matches(readme.Text).Select(match => $"{readme.File}: {match.Value}")));

    private static bool LeadsSomewhere(Readme readme, string link)
        => link.StartsWith('#') ? readme.Anchors().Contains(link[1..]) : IsAddress(link) || Path.Exists(Path.Combine(readme.Folder, link));

    private static bool IsAddress(string link) => link.StartsWith("https://", StringComparison.Ordinal);

    [GeneratedRegex(@"\w*(neighbour|flavour|colour|honour|behaviour|normalis|recognis|generalis|optimis|licence|labelled|centred)\w*",
        RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
