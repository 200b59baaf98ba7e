using System.Xml.Linq;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Reports.Html;
using Microsoft.ML;
using static Landmarks.Demo.Browser.Tests.PageText;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>What a report on a check says, read as a file.</summary>
[TestClass]
public sealed class HtmlCheckReportTests
{
    [TestMethod]
    public void Write_HostileNames_AreTextAlone()
    {
        XElement html = Parse(CheckSample.Write(CheckSample.Create()));

        Assert.IsEmpty(html.Descendants("script"));
        Assert.IsEmpty(html.Descendants("img"));
        Assert.HasCount(1, html.Descendants("style"));
        Assert.Contains(ReportSample.HostileName, html.Descendants("bdi").Select(name => name.Value));
        Assert.Contains(ReportSample.HostileLandmark, html.Descendants("bdi").Select(name => name.Value));
    }

    [TestMethod]
    public void Write_Findings_SayWhatIsWrongAndWhatToDo()
    {
        string text = TextOf(Parse(CheckSample.Write(CheckSample.Create())));

        Assert.Contains("11 findings Photographs under two landmarks 1 Queries that are training photographs 1", text);
        Assert.Contains("Not looked for: leak (no queries are named).", text);
        Assert.Contains("Queries that are training photographs 1 Take them out of either: what is measured by them is too good. no picture "
            + "query queries/a.jpg no picture Eiffel Tower a.jpg likeness 0.987 Look at it, whether it is Leak.", text);
        Assert.Contains("no picture Eiffel Tower c.jpg بُرج خليفة margin 0.750", text);
        Assert.Contains("no picture no landmark nothing/1.jpg no picture Tokyo Tower b.jpg surer than 50 % of "
            + "the landmarks' photographs", text);
        Assert.Contains("no picture Eiffel Tower a.jpg 1 row", text);
        Assert.Contains("no picture Eiffel Tower torn.jpg 'torn.jpg' is not a readable image. Replace or remove it.", text);
        Assert.Contains("How to read a card likeness How far the pixels of two photographs agree", text);
        Assert.Contains("All findings are shown.", text);
    }

    [TestMethod]
    public void Write_MoreThanThereIsRoomFor_SaysHowManyAreLeftOut()
    {
        string page = CheckSample.Write(CheckSample.Create(), most: 9);

        Assert.HasCount(9, Parse(page).Descendants("article"));
        Assert.Contains("Near duplicates 2 of 3", TextOf(Parse(page)));
        Assert.Contains("9 of 11 findings are shown; --report-cards N shows more.", TextOf(Parse(page)));
    }

    [TestMethod]
    public void Write_NoFinding_SaysSo()
    {
        string text = TextOf(Parse(CheckSample.Write(CheckSample.Create() with { Findings = [], Limits = "" })));

        Assert.Contains("0 findings Nothing was found.", text);
        Assert.DoesNotContain("Not looked for", text);
        Assert.DoesNotContain("How to read", text);
    }

    [TestMethod]
    public void Choose_FewCards_TakesTheFirstOfEachKind()
    {
        IReadOnlyList<FindingGroup> groups = FindingGroup.Choose(CheckSample.Create().Findings, 8);

        CollectionAssert.AreEqual(groups.Select(group => group.Kind).Order().ToArray(), groups.Select(group => group.Kind).ToArray());
        Assert.IsTrue(groups.All(group => group.Shown.Count == 1));
        FindingGroup duplicates = groups.Single(group => group.Kind == LandmarkFindingKind.NearDuplicate);
        Assert.AreEqual((3, 0.9999), (duplicates.All, duplicates.Shown[0].Score));
    }

    [TestMethod]
    public void Kinds_All_HaveNamesAndTitlesOfTheirOwn()
    {
        Assert.HasCount(FindingKinds.All.Count, FindingKinds.All.Select(FindingKinds.NameOf).Distinct());
        Assert.HasCount(FindingKinds.All.Count, FindingKinds.All.Select(FindingKinds.TitleOf).Distinct());
        Assert.AreEqual("near-duplicate", FindingKinds.NameOf(LandmarkFindingKind.NearDuplicate));
    }
}
