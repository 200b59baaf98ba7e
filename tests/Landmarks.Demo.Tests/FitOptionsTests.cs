using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class FitOptionsTests
{
    private const string Better = "fit --best may answer more photographs right";

    [TestMethod]
    public void Fit_HoldOut_MeasuresTheModelThatItWrites()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv")[..60], others = SampleFiles.Ids("valid.csv")[..40];
        string[] train = [.. ids.Select((id, i) => $"{id},{i / 5}")];
        ProgramResult whole = Fit(train, others, "--hold-out", "20%");

        // The third of each landmark's five, and one in the middle of each five non-landmarks.
        string[] heldOut = [.. train.Where((_, i) => i % 5 == 2)], heldOutOthers = [.. others.Where((_, i) => i % 5 == 2)];
        Assert.Contains("Holding out 20 photographs, 12 of them with a landmark: the model is fitted to 48 landmark rows and 32 "
            + "non-landmark rows.", whole.OutputLines);
        // Of 32 a third is too few for 5 %: folds learn from all.
        StringAssert.Contains(whole.OutputLines[^1], ": 48 landmark rows and 32 non-landmark rows in ");
        int start = Array.IndexOf(whole.OutputLines,
            "The model's answers to 20 photographs, 12 of them with a landmark, held out of the fit:");
        string[] measured = whole.OutputLines[(start + 1)..(start + 11)];

        ProgramResult part = Fit([.. train.Except(heldOut)], [.. others.Except(heldOutOthers)]);
        Assert.AreEqual(Line(part, "Method: "), Line(whole, "Method: "));
        string truth = folder.WriteText("truth.csv", $"id,landmark_id\n{string.Join('\n', heldOut)}\n"
            + string.Concat(heldOutOthers.Select(id => $"{id},-1\n")));
        DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", truth, "--images", SampleFiles.Images, "--format", "csv",
            "--output", "answers.csv").AssertSuccess();
        string[] expected = DemoProgram.Run(folder, "evaluate", "--predictions", "answers.csv", "--truth", truth).AssertSuccess()
            .OutputLines;
        CollectionAssert.AreEqual(expected[..10], measured);
        // First those of the model's own rate. What judges is too little for 1 %, of which the answers' file knows nothing.
        string[] rates = [.. expected.Where(line => line.Contains("-at-", StringComparison.Ordinal))],
            allowed = [.. rates.Where(line => !line.Contains("-at-0.01", StringComparison.Ordinal))];
        Assert.IsGreaterThanOrEqualTo(2 * 2 * 3, allowed.Length);
        CollectionAssert.IsSubsetOf(allowed, whole.OutputLines);
        CollectionAssert.AreEqual(Array.Empty<string>(), rates.Except(allowed).Intersect(whole.OutputLines).ToArray());
        StringAssert.StartsWith(whole.OutputLines[start + 11], "false-alarms-at-0.05 ");

        ProgramResult Fit(string[] train, string[] others, params string[] more) => DemoProgram.Run(folder, ["fit", "--train",
            folder.WriteText("t.csv", $"id,landmark_id\n{string.Join('\n', train)}\n"), "--non-landmarks",
            folder.WriteText("v.csv", $"id,landmark_id\n{string.Concat(others.Select(id => $"{id},-1\n"))}"), "--images",
            SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--output", "model.zip", .. more]).AssertSuccess();
    }

    [TestMethod]
    public void Fit_HoldOutWhereEachLandmarkHasOnePhotograph_Fails()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--hold-out", "0.5")).AssertError(1, "--hold-out 50 % holds "
            + "out no photograph of a landmark: one of each stays in the fit. Name a larger share, or leave the option out.");
        folder.AssertFiles("train.csv", "valid.csv");
    }

    [TestMethod]
    public void Fit_HoldOutOfFolders_HoldsOutOfEach()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        Copy(folder, "photos/A", ids[..3]);
        Copy(folder, "photos/B", ids[3..5]);
        Copy(folder, "photos/C", ids[5]);
        Copy(folder, "photos/none", SampleFiles.Ids("valid.csv")[..4]);

        ProgramResult fit = DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network",
            SampleFiles.FastNetwork, "--output", "model.zip", "--plain", "--hold-out", "0.5").AssertSuccess();

        // 1.5 and .5 of A, 1 of B, none of C that has but one.
        Assert.Contains("Holding out 5 photographs, 3 of them with a landmark: the model is fitted to 3 landmark rows and 2 non-landmark "
            + "rows.", fit.OutputLines);
        Assert.Contains("queries 5", fit.OutputLines);
        Directory.Move(folder["photos/A"], folder["photos/NA"]);
        ProgramResult refused = DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network",
            SampleFiles.FastNetwork, "--output", "model.zip", "--hold-out", "0.5");
        Assert.AreEqual(1, refused.ExitCode);
        Assert.AreEqual("", refused.Output);
        Assert.AreEqual($"error: The label 'NA' of query 'NA/{ids[..3].Min()}.jpg (3)' is how a missing value is written, no name of a "
            + "landmark. Leave the label empty, or write -1, where there is none.", refused.ErrorLines[^1]);
        Assert.DoesNotContain(line => line.StartsWith(Better, StringComparison.Ordinal), fit.OutputLines);
    }

    [TestMethod]
    public void Fit_SampleForNonLandmarks_TakesThoseOfTheProgramAndSaysWhatThatMeans()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        Copy(folder, "photos/A", ids[0]);
        Copy(folder, "photos/B", ids[1]);
        string said = "The non-landmarks are the 103 that come with the program: animals, plants, food, tools, instruments and the like, "
            + "hardly a room, a street or a vehicle. That false alarms keep to their rate is promised for photographs like these only; "
            + "better are your own, of what you will be asked.";

        foreach (string[] data in (string[][])[["--train-folders", "photos"],
            ["--train", SampleFiles.WriteRows(folder, "train.csv", 2), "--train-images", SampleFiles.Images]])
        {
            ProgramResult fit = DemoProgram.Run(folder, ["fit", .. data, "--non-landmarks", "sample", "--network", SampleFiles.FastNetwork,
                "--output", "model.zip"]).AssertSuccess();
            Assert.Contains(said, fit.OutputLines);
            // A third of them is held out of all that is learned.
            StringAssert.Contains(fit.OutputLines[^1], ": 2 landmark rows and 69 non-landmark rows in ");
        }
    }

    [TestMethod]
    public void Fit_WithoutANetwork_TakesTheProgramsOwn()
    {
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArgumentsOf("left out", folder, "model.zip", "--image-size", "32");
        int network = Array.IndexOf(arguments, "--network");

        DemoProgram.Run(folder, [.. arguments[..network], .. arguments[(network + 2)..]]).AssertSuccess();

        Assert.IsGreaterThan(new FileInfo(DemoProgram.Network).Length, new FileInfo(folder["model.zip"]).Length);
    }

    [TestMethod]
    public void Fit_Names_BecomePartOfTheModel()
    {
        using var folder = new WorkFolder();
        string label = SampleFiles.Rows("train.csv")[0].Split(',')[1];
        folder.WriteText("names.csv", $"landmark_id,name\n{label},The Tower\n9999999,Elsewhere\n");

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", "names.csv")).AssertSuccess();
        CollectionAssert.AreEqual(new[] { KeyValuePair.Create(label, "The Tower") }, Load(folder["model.zip"]).Names.ToArray());

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "other.zip", "--names", "none.csv")).AssertError(1,
            "'none.csv' does not exist.");
    }

    [TestMethod]
    public void Fit_Rates_AreThoseOfTheModel()
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv",
            "id,landmark_id\n" + string.Concat(SampleFiles.Ids("train.csv")[..60].Select((id, i) => $"{id},{i / 5}\n")));
        string[] arguments = ["fit", "--train", train, "--images", SampleFiles.Images, "--non-landmarks", SampleFiles.Of("valid.csv"),
            "--network", SampleFiles.FastNetwork, "--output", "model.zip"];

        DemoProgram.Run(folder, [.. arguments, "--false-alarms", "0.1", "--unknown-landmarks", "20%"]).AssertSuccess();
        LandmarkRecognizingTransformer step = Load(folder["model.zip"]);
        Assert.AreEqual((0.1, 0.2), (step.FalseAlarmRate, step.UnknownLandmarkRate));

        // A third of 103 are 34, and 59 are needed for 5 % with 95 %: the folds are of all.
        DemoProgram.Run(folder, [.. arguments, "--false-alarm-confidence", "95%"]).AssertSuccess();
        step = Load(folder["model.zip"]);
        Assert.AreEqual((0.05, 0.95, 103), (step.FalseAlarmRate, step.FalseAlarmConfidence, step.FalseAlarmCount));

        // Likewise 99 for 1 %.
        DemoProgram.Run(folder, [.. arguments, "--false-alarms", "1%"]).AssertSuccess();
        step = Load(folder["model.zip"]);
        Assert.AreEqual((0.01, null, false), (step.FalseAlarmRate, step.UnknownLandmarkRate, step.FalseAlarmsAreProved));

        // 103 are too few for .5 %: the model has no verdict, and the user learns how many are needed.
        ProgramResult without = DemoProgram.Run(folder, [.. arguments, "--false-alarms", "0.5%"]).AssertSuccess();
        Assert.IsNull(Load(folder["model.zip"]).FalseAlarmRate);
        StringAssert.Matches(Assert.ContainsSingle(line => line.Contains("no verdict", StringComparison.Ordinal), without.ErrorLines),
            new("^warning: There is no verdict: 103 rows are non-landmarks, and --false-alarms 0.005 takes 199 to judge by; .*"));
        without = DemoProgram.Run(folder, [.. arguments, "--per-landmark", "4", "--unknown-landmarks", "5%"]).AssertSuccess();
        Assert.Contains("warning: There is no verdict on unknown landmarks: 0 landmarks have 5 rows or more, and --unknown-landmarks takes "
            + "8 such landmarks to estimate by. Add photographs of landmarks, or leave --unknown-landmarks out.", without.ErrorLines);
        step = Load(folder["model.zip"]);
        Assert.AreEqual((0.05, null), (step.FalseAlarmRate, step.UnknownLandmarkRate));
    }

    [TestMethod]
    public void Fit_Best_TakesThreeImageSizesWhereTheNetworkTakesAny()
    {
        using var folder = new WorkFolder();
        string network = SampleFiles.Network("means");
        ProgramResult plain = DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "plain.zip")).AssertSuccess(),
            best = DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "best.zip", "--best")).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "sizes.zip", "--image-size", "24", "32"))
            .AssertSuccess();

        Assert.Contains($"{Better}, by three image sizes; fitting and answering take some three times as long.", plain.OutputLines);
        Assert.DoesNotContain(line => line.StartsWith(Better, StringComparison.Ordinal), best.OutputLines);
        // A third, .7 of 24, is 32 too: sides that divide by 32 leave no edge out.
        Assert.Contains("Image sizes: 24, 32.", best.OutputLines);
        // Landmarks of one photograph each have nothing to learn from each other.
        float[] scores = Answer("best.zip");
        CollectionAssert.AreEqual(Answer("sizes.zip"), scores);
        CollectionAssert.AreNotEqual(Answer("plain.zip"), scores);

        float[] Answer(string model)
        {
            var ml = new MLContext();
            IDataView queries = ml.Data.LoadLandmarks(SampleFiles.Of("sample_submission.csv"), SampleFiles.Images);
            return [.. ml.Model.Load(folder[model], out _).Transform(ml.Data.TakeRows(queries, 10)).GetColumn<float>("Score")];
        }
    }

    [TestMethod]
    public void Fit_BestOfAFixedSize_SmoothsAsTheLibraryDoes()
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv",
            "id,landmark_id\n" + string.Concat(SampleFiles.Ids("train.csv")[..60].Select((id, i) => $"{id},{i / 5}\n"))),
            others = SampleFiles.WriteRows(folder, "valid.csv", 40);
        string[] arguments = ["fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--output", "model.zip"];
        Assert.Contains($"{Better}: those of a landmark learn from each other.",
            DemoProgram.Run(folder, arguments).AssertSuccess().OutputLines);
        DemoProgram.Run(folder, [.. arguments, "--best"]).AssertSuccess();

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images), new LandmarkSource(others,
            SampleFiles.Images)), queries = ml.Data.LoadLandmarks(SampleFiles.Of("sample_submission.csv"), SampleFiles.Images);
        ITransformer expected = SampleFiles.PrepareImages(ml)
            .Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .Append(ml.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { SameLandmarkSmoothing = 0.25 })).Fit(rows);
        CollectionAssert.AreEqual(expected.Transform(queries).GetColumn<float>("Score").ToArray(),
            ml.Model.Load(folder["model.zip"], out _).Transform(queries).GetColumn<float>("Score").ToArray());
    }

    private static string Line(ProgramResult result, string start)
        => Assert.ContainsSingle(line => line.StartsWith(start, StringComparison.Ordinal), result.OutputLines);

    private static void Copy(WorkFolder folder, string landmark, params string[] ids)
    {
        Directory.CreateDirectory(folder[landmark]);
        foreach (string id in ids)
            File.Copy(SampleFiles.Photo(id), folder[$"{landmark}/{id}.jpg"]);
    }

    private static LandmarkRecognizingTransformer Load(string model)
        => (LandmarkRecognizingTransformer)((IEnumerable<ITransformer>)new MLContext().Model.Load(model, out _)).Last();
}
