using System.Xml.Linq;
using Landmarks.Demo.Reports.Html;
using Microsoft.ML;
using static Landmarks.Demo.Browser.Tests.PageText;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>What a report says, read as a file.</summary>
[TestClass]
public sealed class HtmlReportTests
{
    [TestMethod]
    public void Write_HostileNames_AreTextAlone()
    {
        string page = ReportSample.Write(ReportSample.Create());

        XElement html = Parse(page);
        Assert.IsEmpty(html.Descendants("script"));
        Assert.IsEmpty(html.Descendants("img"));
        Assert.HasCount(1, html.Descendants("style"));
        Assert.Contains(ReportSample.HostileName, html.Descendants("h3").Select(h => h.Value.Trim()));
        Assert.Contains(ReportSample.HostileLandmark, html.Descendants("strong").Select(s => s.Value.Trim()));
    }

    [TestMethod]
    public void Write_NameThatAReaderWouldObey_IsShownAsNumbers()
    {
        LandmarkReport report = ReportSample.Create() with
        {
            Answers = [ReportSample.Answer("a\u001b[31m\u202eb\ud800.jpg", "1", 0.5f, 0.01f, null)],
        };

        Assert.Contains("a\\u001b[31m\\u202eb\\ud800.jpg", Parse(ReportSample.Write(report)).Value);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "answers")]
    [DataRow(true, DisplayName = "check")]
    public void Write_Page_AsksForNothing(bool isCheck)
    {
        XElement html = Parse(isCheck ? CheckSample.Write(CheckSample.Create(), "data:image/jpeg;base64,AAAA")
            : ReportSample.Write(ReportSample.Create(), new SamePicture("data:image/jpeg;base64,AAAA")));

        string[] attributes = ["src", "href", "style", "srcset", "action", "data", "poster"];
        string[] addresses = [.. html.DescendantsAndSelf().Attributes().Where(a => attributes.Contains(a.Name.LocalName)
            || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)).Select(a => $"{a}").Distinct()];
        Assert.IsNotEmpty(addresses);
        Assert.IsTrue(Array.TrueForAll(addresses, a => a.StartsWith("src=\"data:", StringComparison.Ordinal)
            || a.StartsWith("href=\"#", StringComparison.Ordinal)), string.Join('\n', addresses));
        string policy = (string)html.Descendants("meta").Single(m => (string?)m.Attribute("http-equiv") == "Content-Security-Policy")
            .Attribute("content")!;
        Assert.StartsWith("default-src 'none'; img-src data:; style-src 'sha256-", policy);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "answers")]
    [DataRow(true, DisplayName = "check")]
    public void Write_Page_IsAccessible(bool isCheck)
    {
        XElement html = Parse(isCheck ? CheckSample.Write(CheckSample.Create(), "data:,")
            : ReportSample.Write(ReportSample.Create(), new SamePicture("data:,")));

        Assert.IsTrue(html.Descendants("img").All(i => !string.IsNullOrEmpty((string?)i.Attribute("alt"))
            && (string?)i.Attribute("loading") == "lazy"));
        string[] ids = [.. html.DescendantsAndSelf().Attributes("id").Select(id => id.Value)];
        Assert.HasCount(ids.Distinct().Count(), ids);
        Assert.IsTrue(html.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')).All(ids.Contains));
        Assert.IsTrue(html.Descendants("a").Attributes("href").All(a => ids.Contains(a.Value[1..])));
        // No level is left out on the way down.
        int[] levels = [.. html.Descendants().Select(e => e.Name.LocalName).Where(name => name is ['h', >= '1' and <= '6'])
            .Select(name => name[1] - '0')];
        Assert.AreEqual(1, levels[0]);
        Assert.IsTrue(levels.Zip(levels.Skip(1)).All(pair => pair.Second <= pair.First + 1 && pair.Second > 1));
    }

    [TestMethod]
    public void Write_Card_TellsWhy()
    {
        string card = CardOf(ReportSample.Write(ReportSample.Create()), "confused.jpg");

        foreach (string text in (string[])["Wrong landmark", "Tokyo Tower score 0.700", "Shows Eiffel Tower", "0.750 − 0.250 = 0.500",
            "0.250 − 0.250 = 0.000", "penalty 0.210", "lamp 2", "cosine 0.250", "Votes 1.250; runner-up Tokyo Tower 0.500, margin 0.750",
            "False-alarm probability 0.01 ≤ α = 0.05"])
            Assert.Contains(text, card);
        Assert.DoesNotContain("lamp 3", card);
    }

    [TestMethod]
    public void Write_MissedAndUnreadable_SayWhatIsKnown()
    {
        string page = ReportSample.Write(ReportSample.Create());

        Assert.Contains("Missed No landmark best guess Eiffel Tower, score 0.100 Shows Eiffel Tower; the best guess is right",
            CardOf(page, "missed.jpg"));
        Assert.Contains("False-alarm probability 0.2 > α = 0.05", CardOf(page, "missed.jpg"));
        Assert.Contains("No answer 'torn.jpg' is not a readable image.", CardOf(page, "torn.jpg"));
    }

    [TestMethod]
    public void Write_ReferencesNotAtHand_SaysSo()
    {
        LandmarkReport report = ReportSample.Create();

        Assert.Contains("The reference photographs are not at hand. The option --images names folders",
            CardOf(ReportSample.Write(report), "right.jpg"));
        Assert.Contains("3 of 8 reference photographs are not at hand",
            CardOf(ReportSample.Write(report, new SamePicture("data:,", missing: "lamp")), "right.jpg"));
        Assert.DoesNotContain("not at hand", CardOf(ReportSample.Write(report, new SamePicture("data:,")), "right.jpg"));
    }

    [TestMethod]
    public void Write_TruthKnown_TellsRatesAndErrors()
    {
        string text = TextOf(Parse(ReportSample.Write(ReportSample.Create())));

        // By R 4: binom.test(1, 2)$conf.int is 0.01257912 to 0.98742088.
        Assert.Contains("at most 5 % 50 % 1 of 2 1.3 % to 98.7 %", text);
        Assert.Contains("Confused pairs Shown Answered Times The surest Eiffel Tower Tokyo Tower 2 confused.jpg", text);
        Assert.Contains($"Landmarks that attract false alarms Landmark Times The surest {ReportSample.HostileLandmark} 1", text);
        Assert.Contains("Precision and recall", text);
    }

    [TestMethod]
    public void Write_TruthUnknown_TellsVerdictsAlone()
    {
        string text = TextOf(Parse(ReportSample.Write(ReportSample.Create(hasTruth: false))));

        Assert.Contains("8 photographs landmark 5 no landmark 2 no answer 1", text);
        Assert.DoesNotContain("Precision and recall", text);
        Assert.DoesNotContain("Confused pairs", text);
    }

    [TestMethod]
    public void Rates_OfAReport_AreThoseOfTheLibrary()
    {
        LandmarkReport report = ReportSample.Create();
        var mlContext = new MLContext();

        LandmarkMetrics metrics = mlContext.Data.EvaluateLandmarks(
            mlContext.Data.LoadFromEnumerable(report.Answers.Select(a => new Prediction(a.Id, a.Answer.Landmark ?? "",
                a.Answer.Score ?? float.NaN, a.Answer.IsLandmark ?? false))),
            mlContext.Data.LoadFromEnumerable(report.Answers.Select(a => new Shown(a.Id, [.. a.Shows!]))), new LandmarkEvaluationOptions());

        MeasuredRate Rate(string name) => report.Rates().Single(r => r.Name == name).Measured;
        Assert.AreEqual(metrics.Verdict!.FalseAlarms, Rate("False alarms"));
        Assert.AreEqual(metrics.Verdict.RightAnswersKept, Rate("Right answers kept"));
        Assert.AreEqual(metrics.Verdict.WrongAnswers, Rate("Wrong landmarks"));
        IReadOnlyList<(double Recall, double Precision)> points = PrecisionRecall.PointsOf(report);
        Assert.AreEqual(metrics.GlobalAveragePrecision, points.Sum(p => p.Precision) / metrics.WithLandmarkCount, 1e-12);
        Assert.AreEqual((double)metrics.RightCount / metrics.WithLandmarkCount, points[^1].Recall, 1e-12);
    }

    [TestMethod]
    public void Rates_LandmarkThatTheModelDoesNotKnow_IsARateOfItsOwn()
    {
        LandmarkReport report = ReportSample.Create() with
        {
            Answers = [ReportSample.Answer("a", "1", 0.5f, 0.01f, ["9"]) with { IsUnknown = true },
                ReportSample.Answer("b", "1", 0.1f, 0.5f, ["9"]) with { IsUnknown = true }],
        };

        Assert.AreEqual(new MeasuredRate(1, 2), report.Rates().Single().Measured);
        Assert.AreEqual("Unknown landmarks", report.Rates().Single().Name);
        CollectionAssert.AreEqual((Outcome[])[Outcome.WrongLandmark, Outcome.RightlyNone], report.Answers.Select(a => a.Outcome).ToArray());
    }

    [TestMethod]
    public void WrongVoters_OfAReport_AreCounted()
    {
        IReadOnlyList<(string Id, string Landmark, int Wrong, int Right)> voters = ErrorTables.WrongVoters(ReportSample.Create());

        // In all six that are read but dinner.jpg, rightly not answered, the last two neighbors vote for Tokyo Tower, which none shows.
        Assert.AreEqual(("reference 3", "2", 6, 0), voters[0]);
        Assert.AreEqual(("reference 4", "2", 6, 0), voters[1]);
        Assert.AreEqual(("reference 0", "2", 2, 0), voters[2]);
    }

    [TestMethod]
    public void Choose_FewCards_TakesErrorsOfEachKind()
    {
        IReadOnlyList<CardGroup> groups = CardGroup.Choose(ReportSample.Create(), 4);

        Assert.AreEqual(
            $"Wrong landmark: confused.jpg; False alarm: {ReportSample.HostileName}; Missed: missed.jpg; No answer: torn.jpg",
            Describe(groups));
        Assert.AreEqual(2, groups[0].All);
    }

    [TestMethod]
    public void Choose_AfterErrors_TakesTheMostAndTheLeastCertain()
    {
        IReadOnlyList<CardGroup> groups = CardGroup.Choose(ReportSample.Create() with
        {
            Answers = [.. Enumerable.Range(1, 9).Select(i => ReportSample.Answer($"{i}", "1", 10 - i, i / 100f, null))],
        }, 5);

        Assert.AreEqual("Most certain: 1, 2, 3; Least certain: 5, 6", Describe(groups));
        Assert.IsTrue(groups.All(group => group.All == 9));
    }

    [TestMethod]
    public void Choose_NoVerdict_DoubtsLowScores()
    {
        IReadOnlyList<CardGroup> groups = CardGroup.Choose(ReportSample.Create() with
        {
            FalseAlarmRate = null,
            Answers = [.. Enumerable.Range(1, 6).Select(i => ReportSample.Answer($"{i}", "1", 10 - i, 0.01f, null))],
        }, 4);

        Assert.AreEqual("Most certain: 1, 2; Least certain: 6, 5", Describe(groups));
    }

    [TestMethod]
    public void Choose_RoomForAll_ShowsEachOnce()
    {
        LandmarkReport report = ReportSample.Create();

        IReadOnlyList<CardGroup> groups = CardGroup.Choose(report, 200);

        Assert.IsTrue(groups.All(group => group.All == group.Shown.Count));
        string[] shown = [.. groups.SelectMany(group => group.Shown).Select(a => a.Id)];
        CollectionAssert.AreEquivalent(report.Answers.Select(a => a.Id).ToArray(), shown);
    }

    private static string Describe(IEnumerable<CardGroup> groups)
        => string.Join("; ", groups.Select(group => $"{group.Title}: {string.Join(", ", group.Shown.Select(a => a.Id))}"));

    private static string CardOf(string page, string id) => TextOf(Parse(page).Descendants("article")
        .Single(card => card.Descendants("h3").Single().Value.Trim() == id));

    private sealed record Prediction(string Id, string PredictedLabel, float Score, bool IsLandmark);

    private sealed record Shown(string Id, string[] Label);
}
