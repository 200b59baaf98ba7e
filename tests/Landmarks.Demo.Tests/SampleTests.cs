using System.Globalization;
using System.Text.RegularExpressions;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class SampleTests
{
    // Fits share one cache: embeddings are made once.
    private static WorkFolder s_folder = null!, s_fits = null!;
    private static ProgramResult s_result = null!;

    // One run for all, over files of an older one.
    [ClassInitialize]
    public static void Run(TestContext _)
    {
        (s_folder, s_fits) = (new WorkFolder(), new WorkFolder());
        Directory.CreateDirectory(s_folder["landmarks-sample"]);
        foreach (string name in (string[])["landmarks.zip", "submission.csv", "log.txt"])
            s_folder.WriteText($"landmarks-sample/{name}", "older");
        s_result = DemoProgram.Run(s_folder, "sample");
    }

    [ClassCleanup]
    public static void CleanUp()
    {
        s_folder.Dispose();
        s_fits.Dispose();
    }

    [TestMethod]
    public void Run_OlderFiles_ReplacesThemAndLeavesNothingElse()
    {
        s_result.AssertSuccess();
        s_folder.AssertFiles("landmarks-sample", "landmarks-sample/landmarks.zip", "landmarks-sample/submission.csv",
            "landmarks-sample/log.txt");
        foreach (string file in Directory.EnumerateFiles(s_folder["landmarks-sample"]))
            Assert.IsGreaterThan("older".Length, new FileInfo(file).Length, file);
    }

    [TestMethod]
    public void Fit_PlainOnTheSample_GivesTheGoldenSubmission()
    {
        string[] found = Predict(Fit("plain.zip", "--plain")), expected = File.ReadAllLines(SampleFiles.GoldenSubmission);
        Assert.HasCount(expected.Length, found);
        Assert.AreEqual(expected[0], found[0]);
        CollectionAssert.AreEqual(SampleFiles.Ids("sample_submission.csv"), found[1..].Select(row => row.Split(',')[0]).ToArray());
        foreach ((string expectedRow, string foundRow) in expected.Zip(found).Skip(1))
        {
            (string Answer, double Confidence) e = Split(expectedRow), f = Split(foundRow);
            Assert.AreEqual(e.Answer, f.Answer);
            Assert.AreEqual(e.Confidence, f.Confidence, 1e-4, expectedRow);
        }
    }

    [TestMethod]
    public void Run_Sample_PrintsMeasures()
    {
        string[] expected = ["GAP 0.943651", "accuracy 0.944444", "queries 76", "answered 76", "with-landmark 36", "right 34"];
        CollectionAssert.IsSubsetOf(expected, s_result.OutputLines);
    }

    [TestMethod]
    public void Run_Sample_PrintsEveryQueryWithNames()
    {
        string[] lines = s_result.OutputLines;
        foreach (string id in SampleFiles.Ids("sample_submission.csv"))
            Assert.ContainsSingle(line => line.StartsWith(id, StringComparison.Ordinal), lines);
        StringAssert.Matches(lines.Single(line => line.StartsWith("159e79086eb97694", StringComparison.Ordinal)),
            new(@"^\S+ +photograph +Eiffel Tower +Eiffel Tower +\d\.\d{6} +right$"));
    }

    [TestMethod]
    public void Run_Sample_SaysWhereThereIsNoLandmark()
    {
        string[] answers = [.. s_result.OutputLines.Where(line => Regex.IsMatch(line, "^[0-9a-f]{16} "))];

        Assert.HasCount(37, Matching(@"photograph +no landmark +no landmark +-?\d\.\d{6} +right$"));
        Assert.HasCount(3, Matching("photograph +no landmark +.* +false alarm$"));
        Assert.HasCount(1, Matching(@"Colosseum +no landmark +\d\.\d{6} +missed$"));

        string[] Matching(string pattern) => [.. answers.Where(line => Regex.IsMatch(line, pattern))];
    }

    [TestMethod]
    public void Run_Sample_ShowsBothMethodsByKindOfQuery()
    {
        string[][] rows = [.. s_result.OutputLines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SkipWhile(c => c is not ["kind", ..]).Take(5)];
        Assert.AreEqual("kind shows queries plain: right plain: GAP fit: right fit: GAP fit: answered", string.Join(' ', rows[0]));
        CollectionAssert.AreEqual((string[])["photograph a landmark 14 11", "reframed a landmark 22 22", "photograph no landmark 40 3",
            "all a landmark 36 33"],
            rows[1..].Select(c => string.Join(' ', c.Take(5))).ToArray());
        Assert.AreEqual("0.910287", rows[4][5]);
        // Whitening helps here.
        Assert.IsGreaterThan(33, int.Parse(rows[4][6], CultureInfo.InvariantCulture));
        Assert.IsGreaterThan(0.94, double.Parse(rows[4][7], CultureInfo.InvariantCulture));
        Assert.Contains("The sample is too small to rank methods: compare does that on photographs of your own.", s_result.OutputLines);
        Assert.Contains("What fit makes, whose model and answers are written:", s_result.OutputLines);
    }

    [TestMethod]
    public void Run_Sample_CountsFalseAlarmsAndRightAnswersKept()
    {
        string line = s_result.OutputLines.Single(line => line.StartsWith("Verdicts answer ", StringComparison.Ordinal));
        StringAssert.Matches(line, new(@"^Verdicts answer \d of 40 photographs of no landmark, and keep 3\d of 34 right answers\.$"));
        string[] answers = [.. s_result.OutputLines.Where(answer => Regex.IsMatch(answer, "^[0-9a-f]{16} "))];
        Assert.Contains($" {answers.Count(answer => answer.EndsWith("false alarm", StringComparison.Ordinal))} of 40 ", line);
    }

    [TestMethod]
    public void Run_NoArguments_ShowsHelpAndWritesNothing()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder).AssertSuccess();
        CollectionAssert.AreEqual(DemoProgram.Run(folder, "--help").OutputLines, result.OutputLines);
        Assert.Contains(line => line.TrimStart().StartsWith("sample ", StringComparison.Ordinal), result.OutputLines);
        folder.AssertFiles();
    }

    // dotnet run --project src/Landmarks.Demo, with and without arguments.
    [TestMethod]
    public void Run_AsDotNetRunDoes_IsTheSampleUnlessToldOtherwise()
    {
        using var folder = new WorkFolder();
        string first = DemoProgram.RunOther("dotnet", folder, "msbuild", DemoProgram.Project, "-getProperty:StartArguments").AssertSuccess()
            .Output.Trim();
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, first);
        Assert.AreEqual(130, result.ExitCode);
        Assert.StartsWith("Fitting 97 landmark rows", result.Output);
        DemoProgram.Run(folder, first, "predict").AssertError(2, "Option '--model' is required.");
        Assert.AreEqual(DemoProgram.Run(folder, "--help").Output, DemoProgram.Run(folder, first, "--help").Output);
    }

    // Each stage begins with a line; those that follow on a slow machine say how far it is.
    [TestMethod]
    public void Run_Sample_EmbedsEachPhotographOnce()
        => CollectionAssert.AreEqual((string[])["Photographs: 200", "Queries: 76"],
        s_result.OutputLines.Where(line => Regex.IsMatch(line, "^(Photographs|Queries): [0-9]+$")).ToArray());

    [TestMethod]
    public void Fit_Sample_GivesTheSameModel()
    {
        Fit("model.zip", "--names", SampleFiles.Of("landmarks.csv"));
        ModelEntries.AssertSame(s_fits, "model.zip", s_folder["landmarks-sample/landmarks.zip"]);
    }

    [TestMethod]
    public void Run_Sample_KeepsTheMessagesInTheLog()
        => StringAssert.Contains(File.ReadAllText(s_folder["landmarks-sample/log.txt"]),
        "97 rows of 95 landmarks and 103 non-landmark rows");

    [TestMethod]
    public void Run_Redirected_WritesPlainText()
    {
        Assert.DoesNotContain('\u001b', s_result.Output + s_result.Error);
        Assert.IsEmpty(s_result.ErrorLines);
        Assert.ContainsSingle(line
            => line.StartsWith($"Wrote {s_folder["landmarks-sample/submission.csv"]}: 76 rows", StringComparison.Ordinal),
            s_result.OutputLines);
    }

    [TestMethod]
    public void Model_OfTheSample_GivesTheSameSubmissionAgain()
        => CollectionAssert.AreEqual(File.ReadAllLines(s_folder["landmarks-sample/submission.csv"]),
            Predict(s_folder["landmarks-sample/landmarks.zip"]));

    private static string Fit(string output, params string[] more)
    {
        DemoProgram.Run(s_fits, ["fit", "--train", SampleFiles.Of("train.csv"), "--non-landmarks", SampleFiles.Of("valid.csv"), "--images",
            SampleFiles.Images, "--network", DemoProgram.Network, "--output", output, .. more]).AssertSuccess();
        return s_fits[output];
    }

    private static string[] Predict(string model)
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, "predict", "--model", model, "--queries", SampleFiles.Of("sample_submission.csv"), "--images",
            SampleFiles.Images).AssertSuccess();
        folder.AssertFiles("submission.csv");
        return File.ReadAllLines(folder["submission.csv"]);
    }

    private static (string Answer, double Confidence) Split(string row)
    {
        int blank = row.LastIndexOf(' ');
        return (row[..blank], double.Parse(row[blank..], CultureInfo.InvariantCulture));
    }
}
