using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Tests;

/// <summary>Reports that commands write; what is in a page, and how it looks, is tested with the program's own types.</summary>
[TestClass]
public sealed class ReportTests
{
    private static WorkFolder s_models = null!;

    private static string Model => s_models["model.zip"];

    [ClassInitialize]
    public static void Fit(TestContext _)
    {
        s_models = new WorkFolder();
        DemoProgram.Run(s_models, SampleFiles.FitArguments(s_models, "model.zip")).AssertSuccess();
    }

    [ClassCleanup]
    public static void CleanUp() => s_models.Dispose();

    [TestMethod]
    public void Predict_Report_ShowsPhotographsAndReferencesThatAreAtHand()
    {
        using var folder = new WorkFolder();
        string photo = Path.Combine(folder.FullPath, "a <b> & 'c'.jpg");
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), photo);
        folder.WriteText("torn.jpg", "text");

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, photo, "torn.jpg", "--report", "r.html", "--images",
            SampleFiles.Images);

        Assert.AreEqual(1, result.ExitCode);
        Assert.Contains($"Wrote {folder["r.html"]}: a report that shows 2 of 2 photographs.", result.ErrorLines);
        XElement page = Read(folder["r.html"]);
        CollectionAssert.AreEquivalent((string[])[photo, "torn.jpg"], page.Descendants("h3").Select(h => h.Value).ToArray());
        // The photograph, five neighbors and three non-landmarks.
        XElement card = page.Descendants("article").Single(c => c.Descendants("h3").Single().Value == photo);
        Assert.HasCount(9, card.Descendants("img").Select(i => (string)i.Attribute("src")!)
            .Where(address => address.StartsWith("data:image/jpeg;base64,/9j/", StringComparison.Ordinal)));
        Assert.Contains("runner-up", card.Value);
        Assert.Contains("'torn.jpg' is not a readable image.", page.Value);
        File.Delete(photo);
        folder.AssertFiles("r.html", "torn.jpg");
    }

    // The pictures have no profile, so that a browser shows them as sRGB: the levels of a telephone's photograph are others.
    [TestMethod]
    public void Predict_ReportOnDisplayP3_ShowsItsColors()
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, "predict", "--model", Model, Path.Combine(AppContext.BaseDirectory, "Golden", "p3.png"), "--report",
            "r.html").AssertSuccess();

        string address = (string)Read(folder["r.html"]).Descendants("img").Single().Attribute("src")!;
        using var jpeg = new MemoryStream(Convert.FromBase64String(address[(address.IndexOf(',') + 1)..]));
        using MLImage image = MLImage.CreateFromStream(jpeg);
        int red = image.PixelFormat == MLPixelFormat.Rgba32 ? 0 : 2;
        double mean = image.Pixels.ToArray().Where((_, i) => i % 4 == red).Average(level => (double)level);
        // By LittleCMS the middle square has 110.0 on average, and 115.1 as it is in the file.
        Assert.AreEqual(110.0, mean, 2);
    }

    [TestMethod]
    public void Predict_ReportWithoutReferences_SaysSo()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);

        DemoProgram.Run(folder, "predict", "--model", Model, photo, photo, "--report", "r.html", "--report-cards", "1").AssertSuccess();

        XElement page = Read(folder["r.html"]);
        Assert.HasCount(1, page.Descendants("article"));
        Assert.HasCount(1, page.Descendants("img"));
        Assert.Contains("The reference photographs are not at hand.", page.Value);
        Assert.Contains("1 of 2 photographs are shown; --report-cards N shows more.", page.Value);
    }

    [TestMethod]
    public void Predict_ReportOfASubmission_LeavesTheSubmissionAsItIs()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["predict", "--model", Model, "--queries", SampleFiles.WriteRows(folder, "sample_submission.csv", 20),
            "--images", SampleFiles.Images], asked = SampleFiles.Ids("sample_submission.csv")[..20];

        DemoProgram.Run(folder, [.. arguments, "--output", "plain.csv"]).AssertSuccess();
        DemoProgram.Run(folder, [.. arguments, "--output", "reported.csv", "--report", "r.html", "--truth",
            SampleFiles.Of("test_truth.csv")]).AssertSuccess();

        Assert.AreEqual(File.ReadAllText(folder["plain.csv"]), File.ReadAllText(folder["reported.csv"]));
        XElement page = Read(folder["r.html"]);
        Assert.HasCount(20, page.Descendants("article"));
        Assert.Contains("global average precision", page.Value);
        int shown = SampleFiles.Rows("test_truth.csv").Select(row => row.Split(','))
            .Count(row => asked.Contains(row[0]) && row[1] is not ("" or "-1"));
        Assert.Contains($" of {shown}", page.Descendants("table").First().Value);
    }

    [TestMethod]
    public void Predict_ReportOfJson_ChangesNoLineOfIt()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);
        string[] arguments = ["predict", "--model", Model, photo, "--format", "json", "--top", "1"];

        string plain = DemoProgram.Run(folder, arguments).AssertSuccess().Output,
            reported = DemoProgram.Run(folder, [.. arguments, "--report", "r.html"]).AssertSuccess().Output;

        Assert.AreEqual(plain, reported);
        Assert.Contains("runner-up", Read(folder["r.html"]).Value);
    }

    [TestMethod]
    public void Predict_QueryFolders_TruthIsTheFolder()
    {
        using var folder = new WorkFolder();
        string label = SampleFiles.Rows("train.csv")[0].Split(',')[^1];
        Copy($"queries/{label}/right.jpg");
        Copy("queries/other/2019/wrong.jpg");
        Copy("queries/nul\u00e9/nothing.jpg");
        Copy("queries/loose.jpg");

        DemoProgram.Run(folder, "predict", "--model", Model, "--query-folders", "queries", "--format", "csv", "--output", "answers.csv",
            "--report", "r.html", "--non-landmark-folder", "nule\u0301/").AssertSuccess();

        XElement page = Read(folder["r.html"]);
        Dictionary<string, string> badges = page.Descendants("article").ToDictionary(c => c.Descendants("h3").Single().Value,
            c => c.Descendants("p").First().Value);
        Assert.AreEqual("Right", badges[$"{label}/right.jpg"]);
        Assert.AreEqual("Wrong landmark", badges["other/2019/wrong.jpg"]);
        Assert.AreEqual("False alarm", badges["nul\u00e9/nothing.jpg"]);
        Assert.AreEqual("Landmark", badges["loose.jpg"]);
        Assert.Contains("Shows other, which the model does not know", page.Value);
        Assert.Contains("Unknown landmarks", page.Descendants("table").First().Value);

        void Copy(string name)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), folder[name]);
        }
    }

    [TestMethod]
    public void Predict_TruthWithoutSomePhotographs_Warns()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);
        folder.WriteText("truth.csv", "id,landmark_id\nother,1\n");

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, photo, "--report", "r.html", "--truth", "truth.csv");

        Assert.AreEqual(0, result.ExitCode);
        Assert.Contains("warning: 1 of 1 photograph has no row in 'truth.csv' that counts, so the report can't say whether they were "
            + "answered right.", result.ErrorLines);
    }

    [TestMethod]
    public void Predict_ReportImages_LieInTheirFolder()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);
        Directory.CreateDirectory(folder["reports"]);

        for (int run = 0; run < 2; run++)
            DemoProgram.Run(folder, "predict", "--model", Model, photo, "--report", "reports/r.html", "--report-images", "my pictures")
                .AssertSuccess();

        string address = (string)Read(folder["reports/r.html"]).Descendants("img").Single().Attribute("src")!;
        StringAssert.Matches(address, new Regex(@"^\.\./my%20pictures/[0-9a-f]{16}\.jpg$"));
        folder.AssertFiles("reports", "reports/r.html", "my pictures", Uri.UnescapeDataString(address[3..]));
    }

    [TestMethod]
    public void Predict_ReportOverAPhotograph_IsRefused()
    {
        using var folder = new WorkFolder();
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), folder["photo.jpg"]);

        DemoProgram.Run(folder, "predict", "--model", Model, "photo.jpg", "--report", "photo.jpg").AssertError(1,
            "'photo.jpg' is to be written and is read in this run. Name another file to write.");
        DemoProgram.Run(folder, "predict", "--model", Model, "photo.jpg", "--output", "a.html", "--report", "./a.html").AssertError(1,
            "'./a.html' is to be written twice in this run. Name another file for one of the two.");
        Assert.AreNotEqual(0, new FileInfo(folder["photo.jpg"]).Length);
        folder.WriteText("file", "");
        DemoProgram.Run(folder, "predict", "--model", Model, "photo.jpg", "--report", "r.html", "--report-images", "file").AssertError(1,
            "'file' is a file; name a folder.");
        DemoProgram.Run(folder, "predict", "--model", Model, "photo.jpg", "--report", "r.html", "--images", "none").AssertError(1,
            "The folder 'none' does not exist.");
        folder.AssertFiles("photo.jpg", "file");
    }

    [TestMethod]
    public void Predict_UnreadablePhotographThatStops_ReportsWhatWasAnswered()
    {
        using var folder = new WorkFolder();
        folder.WriteText("torn.jpg", "text");
        string photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, photo, "torn.jpg", photo, "--on-bad-image", "fail",
            "--report", "r.html");

        Assert.AreEqual(1, result.ExitCode);
        Assert.HasCount(2, Read(folder["r.html"]).Descendants("article"));
    }

    [TestMethod]
    public void Compare_Report_ShowsTheMethodThatFitMakes()
    {
        using var folder = new WorkFolder();

        ProgramResult result = DemoProgram.Run(folder, "compare", "--train", SampleFiles.Of("train.csv"), "--non-landmarks",
            SampleFiles.Of("valid.csv"), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--queries",
            SampleFiles.Of("sample_submission.csv"), "--truth", SampleFiles.Of("test_truth.csv"), "--report", "r.html").AssertSuccess();

        Assert.DoesNotContain("Nothing was written", result.Output);
        XElement page = Read(folder["r.html"]);
        Assert.HasCount(76, page.Descendants("article"));
        Assert.DoesNotContain("not at hand", page.Value);
        string chosen = result.OutputLines.Single(line => line.StartsWith("fit at 8 pixels: ", StringComparison.Ordinal))
            .Split(' ', ';')[4];
        XElement shown = page.Descendants("tr").Single(row => (string?)row.Attribute("class") == "reported");
        StringAssert.StartsWith(shown.Value.Trim(), $"{chosen}, shown below");
        string gap = result.OutputLines.First(line => line.StartsWith($"{chosen},8,", StringComparison.Ordinal)).Split(',')[2];
        Assert.Contains($"{double.Parse(gap, null):F3} (", shown.Value);
        Assert.Contains($"{double.Parse(gap, null):F3}", page.Descendants("dd").Select(d => d.Value));
        folder.AssertFiles("r.html");
    }

    private static XElement Read(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }
}
