using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class PredictTests
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
    public void Predict_Photographs_PrintsNameScoreAndNeighbors()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string photo = SampleFiles.Photo(id), names = folder.WriteText("names.csv", $"name,landmark_id\n\"Rock, [red]round[/]\",{label}\n");
        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, photo, photo, "--names", names).AssertSuccess();
        string[] lines = result.OutputLines;
        Assert.HasCount(12, lines);
        StringAssert.StartsWith(lines[0], $"{photo}: Rock, [red]round[/], score ");
        StringAssert.Matches(lines[1], new($@"^1\. {id}  \d\.\d{{6}}$"));
        StringAssert.Matches(lines[5], new(@"^5\. [0-9a-f]{16}  -?\d\.\d{6}$"));
        Assert.AreEqual(lines[0], lines[6]);
        Assert.AreEqual("Photographs: 2", result.ErrorLines[0]);
        StringAssert.StartsWith(result.ErrorLines[^1], "Answered 2 photographs in ");
        folder.AssertFiles("names.csv");
    }

    [TestMethod]
    public void Predict_PhotographWithoutNames_PrintsTheLabel()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string[] lines = DemoProgram.Run(folder, "predict", "--model", Model, SampleFiles.Photo(id)).AssertSuccess().OutputLines;
        Assert.ContainsSingle(line => line.StartsWith($"{SampleFiles.Photo(id)}: {label}, score ", StringComparison.Ordinal), lines);
    }

    [TestMethod]
    public void Predict_KindsThatMagickReads_AreAnsweredAsThePicture()
    {
        using var folder = new WorkFolder();
        string pictures = Path.Combine(AppContext.BaseDirectory, "Golden", "pictures");
        string[] files = [.. Directory.EnumerateFiles(pictures).Order(StringComparer.Ordinal)];
        string[] lines = DemoProgram.Run(folder, ["predict", "--model", Model, "--format", "json", pictures]).AssertSuccess().OutputLines;
        CollectionAssert.AreEqual((string[])[".avif", ".heic", ".jp2", ".jxl"], files.Select(Path.GetExtension).ToArray());
        string[] answers = [.. lines.Zip(files, (line, file) => line.Replace(file, "the picture", StringComparison.Ordinal))];
        Assert.HasCount(4, answers);
        Assert.ContainsSingle(answers.Distinct());
    }

    [TestMethod]
    public void Predict_UnreadablePhotograph_CostsNoOtherAnswer()
    {
        using var folder = new WorkFolder();
        folder.WriteText("@no photo.jpg", "text");
        (string id, string label) = FirstLandmark();
        string[] arguments = ["predict", "--model", Model, SampleFiles.Photo(id), "@no photo.jpg", "none.jpg", SampleFiles.Photo(id)];
        string answer = $"{SampleFiles.Photo(id)}: {label}, score ", unreadable = "'@no photo.jpg' is not a readable image.",
            missing = "'none.jpg' does not exist.";

        ProgramResult others = DemoProgram.Run(folder, arguments),
            failed = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "fail"]);
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();

        Assert.AreEqual(1, others.ExitCode);
        Assert.AreSequenceEqual([$"error: {unreadable}", $"error: {missing}"], others.MessageLines);
        Assert.HasCount(2, others.OutputLines.Where(line => line.StartsWith(answer, StringComparison.Ordinal)));
        Assert.Contains("@no photo.jpg: unreadable", others.OutputLines);
        StringAssert.StartsWith(others.ErrorLines[^1], "Answered 2 photographs in ");

        failed.AssertError(1, unreadable);
        Assert.ContainsSingle(line => line.StartsWith(answer, StringComparison.Ordinal), failed.OutputLines);
        StringAssert.StartsWith(failed.ErrorLines[^1], "Answered 1 photograph in ");

        Assert.AreSequenceEqual([$"warning: 2 photographs could not be read and became missing rows. The first: {unreadable}"],
            skipped.MessageLines);
        Assert.AreSequenceEqual(others.OutputLines, skipped.OutputLines);
    }

    [TestMethod]
    [DataRow("--plain")]
    // With a verdict.
    [DataRow("--false-alarms", "40%")]
    public void Predict_PhotographOfWhichTheNetworkMakesZeros_IsNotCalledUnreadable(params string[] options)
    {
        using var folder = new WorkFolder();
        // The network gives its pixels.
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", [.. options, "--mean", "0", "--std", "1"])).AssertSuccess();
        BitmapFile.Write(folder["black.bmp"], 8, (_, _) => 0);

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", "model.zip", "black.bmp").AssertSuccess();

        Assert.AreSequenceEqual(["black.bmp: no answer, since the network makes zeros of it, or no finite numbers"], result.OutputLines);
        StringAssert.StartsWith(result.ErrorLines[^1], "Answered 0 photographs in ");
    }

    [TestMethod]
    public void Predict_ManyUnreadablePhotographs_TellsTheFirst()
    {
        using var folder = new WorkFolder();
        string[] missing = [.. Enumerable.Range(0, 40).Select(i => $"{i}.jpg")];

        ProgramResult result = DemoProgram.Run(folder, ["predict", "--model", Model, .. missing]);

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreSequenceEqual([.. missing[..10].Select(name => $"error: '{name}' does not exist."),
            "error: 30 more photographs could not be read."], result.MessageLines);
    }

    [TestMethod]
    public void Predict_MaxMegapixels_IsTheMostWhateverTheModelSays()
    {
        using var folder = new WorkFolder();
        BitmapFile.Write(folder["large.bmp"], 1_004, (_, _) => 0);
        string[] arguments = ["predict", "--model", Model, "large.bmp"];
        string tooLarge = "'large.bmp' has 1004 x 1004 pixels, more than 1000000. Shrink it, or allow more by --max-megapixels.";

        DemoProgram.Run(folder, [.. arguments, "--max-megapixels", "1"]).AssertError(1, tooLarge);
        DemoProgram.Run(folder, arguments).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "one.zip", "--max-megapixels", "1")).AssertSuccess();
        arguments[2] = "one.zip";
        DemoProgram.Run(folder, arguments).AssertError(1, tooLarge);
        DemoProgram.Run(folder, [.. arguments, "--max-megapixels", "2"]).AssertSuccess();
    }

    [TestMethod]
    public void Predict_ModelFittedWithSkip_FailsUnlessTold()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "skipping.zip", "--on-bad-image", "skip")).AssertSuccess();
        DemoProgram.Run(folder, "predict", "--model", "skipping.zip", "no.jpg").AssertError(1, "'no.jpg' does not exist.");
    }

    [TestMethod]
    public void Predict_Queries_KeepsTheOrderAndLeavesUnreadableOnesEmpty()
    {
        using var folder = new WorkFolder();
        string[] ids = ["abcdef", .. SampleFiles.Ids("train.csv")[..3].Reverse()];
        string queries = folder.WriteText("queries.csv", $"id,landmarks\n{string.Join(",\n", ids)},\n");
        string[] arguments = ["predict", "--model", Model, "--queries", queries, "--images", SampleFiles.Images];

        DemoProgram.Run(folder, arguments).AssertError(1, $"'{SampleFiles.Photo("abcdef")}' does not exist.");
        folder.AssertFiles("queries.csv", "submission.csv");
        string[] rows = File.ReadAllLines(folder["submission.csv"]);
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();
        Assert.AreSequenceEqual([$"warning: 1 photograph could not be read and became a missing row. The first: "
            + $"'{SampleFiles.Photo("abcdef")}' does not exist."], skipped.ErrorLines);
        Assert.AreSequenceEqual(rows, File.ReadAllLines(folder["submission.csv"]));
        Assert.AreEqual("id,landmarks", rows[0]);
        Assert.AreEqual("abcdef,", rows[1]);
        CollectionAssert.AreEqual(ids, rows[1..].Select(row => row.Split(',')[0]).ToArray());
        StringAssert.Matches(rows[2], new(@"^[0-9a-f]+,\d+ [01]\.\d{8}$"));
    }

    [TestMethod]
    public void Predict_QueriesThatStopAtAPhotograph_KeepsTheAnswersBeforeAndARowForEach()
    {
        using var folder = new WorkFolder();
        string[] ids = [.. SampleFiles.Ids("train.csv")[..2], "abcdef", SampleFiles.Ids("train.csv")[2]];
        string queries = folder.WriteText("queries.csv", $"id,landmarks\n{string.Join(",\n", ids)},\n");

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, "--queries", queries, "--images", SampleFiles.Images,
            "--on-bad-image", "fail");

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreSequenceEqual([$"error: '{SampleFiles.Photo("abcdef")}' does not exist.",
            "warning: The last 2 rows of 'submission.csv' have no answer, since --on-bad-image fail stopped at a photograph."],
            result.ErrorLines);
        string[] rows = File.ReadAllLines(folder["submission.csv"])[1..];
        CollectionAssert.AreEqual(ids, rows.Select(row => row.Split(',')[0]).ToArray());
        Assert.AreSequenceEqual([false, false, true, true], rows.Select(row => row.EndsWith(',')));
    }

    [TestMethod]
    public void Predict_QueriesWithNames_PrintsTheAnswersToo()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string queries = folder.WriteText("queries.csv", $"id,landmarks\n{id},\n"),
            names = folder.WriteText("names.csv", $"landmark_id,name\n{label},Here\n");
        string[] lines = DemoProgram.Run(folder, "predict", "--model", Model, "--queries", queries, "--images", SampleFiles.Images,
            "--output", "out.csv", "--names", names).AssertSuccess().OutputLines;
        Assert.ContainsSingle(line => line.StartsWith($"{id}: Here, score ", StringComparison.Ordinal), lines);
        Assert.AreEqual($"{id},{label} 0.00000000", File.ReadAllLines(folder["out.csv"])[1]);
    }

    [TestMethod]
    public void Predict_ModelOfAnotherProgram_PrintsWhatThereIs()
    {
        using var folder = new WorkFolder();
        SaveModelOfKeys(folder["keys.zip"], neighbors: null);
        SaveModelOfKeys(folder["positions.zip"], neighbors: "Neighbors");
        (string id, string label) = FirstLandmark();
        string photo = SampleFiles.Photo(id);

        string[] lines = DemoProgram.Run(folder, "predict", "--model", "keys.zip", photo).AssertSuccess().OutputLines;
        Assert.HasCount(6, lines);
        StringAssert.StartsWith(lines[0], $"{photo}: landmark {label}, score ");
        // Positions, since there are no ids.
        StringAssert.StartsWith(lines[1], "1. 0  ");
        CollectionAssert.AreEqual(lines,
            DemoProgram.Run(folder, "predict", "--model", "positions.zip", photo).AssertSuccess().OutputLines);
        DemoProgram.Run(folder, "predict", "--model", "keys.zip", "--queries", s_models["train.csv"], "--images",
            SampleFiles.Images).AssertSuccess();
        StringAssert.StartsWith(File.ReadAllLines(folder["submission.csv"])[1], $"{id},landmark {label} ");
    }

    [TestMethod]
    public void Predict_ModelOfKeysWithoutKeyValues_PrintsThemAsMLNetDoes()
    {
        using var folder = new WorkFolder();
        SaveModel(folder["numbers.zip"], neighbors: null, (ml, rows) => ml.Transforms.CustomMapping<LabelRow,
            KeyRow>((from, to) => to.Label = (uint)from.Label, contractName: null).Fit(rows).Transform(rows));
        (string id, string label) = FirstLandmark();
        string photo = SampleFiles.Photo(id);

        StringAssert.StartsWith(DemoProgram.Run(folder, "predict", "--model", "numbers.zip", photo).AssertSuccess().OutputLines[0],
            $"{photo}: {label}, score ");
        DemoProgram.Run(folder, "predict", "--model", "numbers.zip", "--queries", s_models["train.csv"], "--images",
            SampleFiles.Images).AssertSuccess();
        StringAssert.StartsWith(File.ReadAllLines(folder["submission.csv"])[1], $"{id},{label} ");
    }

    [TestMethod]
    public void Predict_NamesByCategory_AreShown()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string names = folder.WriteText("names.csv",
            $"landmark_id,category\n{label},http://commons.wikimedia.org/wiki/Category:Caf%C3%A9_Here\n"), photo = SampleFiles.Photo(id);

        StringAssert.StartsWith(DemoProgram.Run(folder, "predict", "--model", Model, "--names", names,
            photo).AssertSuccess().OutputLines[0], $"{photo}: Café Here, score ");
    }

    [TestMethod]
    public void Predict_BrokenNames_FailsInsteadOfShowingLabels()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(FirstLandmark().Id);

        folder.WriteText("names.csv", "landmark_id,name\n1,12\" gun battery\n2,Louvre\n");
        DemoProgram.Run(folder, "predict", "--model", Model, "--names", "names.csv", photo)
            .AssertError(1, "'names.csv', line 2: a quote is opened and never closed. A field that holds a quote is written in quotes, "
            + "and the quote in it twice.");
        File.WriteAllBytes(folder["names.csv"], System.Text.Encoding.Latin1.GetBytes("landmark_id,name\n1,Louvre\n2,Café\n"));
        DemoProgram.Run(folder, "predict", "--model", Model, "--names", "names.csv", photo)
            .AssertError(1, "'names.csv', line 3: the text is not in UTF-8. Convert it, as by iconv -f LATIN1 -t UTF-8, if it is text at "
            + "all.");
    }

    [TestMethod]
    public void Predict_NoLandmarkModel_SaysSo()
    {
        using var folder = new WorkFolder();
        folder.WriteText("text.zip", "text");
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadLandmarks(s_models["train.csv"], SampleFiles.Images);
        ml.Model.Save(ml.Transforms.CopyColumns("Copy", "Id").Fit(rows), rows.Schema, folder["copy.zip"]);
        string photo = SampleFiles.Photo(FirstLandmark().Id);

        DemoProgram.Run(folder, "predict", "--model", "no.zip", photo).AssertError(1, "'no.zip' does not exist.");
        DemoProgram.Run(folder, "predict", "--model", folder.FullPath, photo).AssertError(1,
            $"'{folder.FullPath}' is a folder; name a file in it.");
        DemoProgram.Run(folder, "predict", "--model", Model, photo, "--names", folder.FullPath).AssertError(1,
            $"'{folder.FullPath}' is a folder; name a file in it.");
        DemoProgram.Run(folder, "predict", "--model", "copy.zip", photo).AssertError(1,
            "'copy.zip' is no landmark model: it gives no columns 'PredictedLabel' and 'Score'.");
        DemoProgram.Run(folder, "predict", "--model", "text.zip", photo).AssertError(1,
            "'text.zip' is no landmark model: it is of another kind, or only a part of one. Name a file that fit wrote.");
    }

    [TestMethod]
    public void Predict_DamagedModel_SaysWhatIsWrongWithIt()
    {
        using var folder = new WorkFolder();
        using (FileStream copy = File.Create(folder["damaged.zip"]))
        using (var source = System.IO.Compression.ZipFile.OpenRead(Model))
        using (var target = new System.IO.Compression.ZipArchive(copy, System.IO.Compression.ZipArchiveMode.Create))
        {
            foreach (System.IO.Compression.ZipArchiveEntry entry in source.Entries.Where(e => e.Name != "Penalties"))
            {
                using Stream from = entry.Open(), to = target.CreateEntry(entry.FullName).Open();
                from.CopyTo(to);
            }
        }

        DemoProgram.Run(folder, "predict", "--model", "damaged.zip", "photo.jpg")
            .AssertError(1, "'damaged.zip' is no landmark model: The model is damaged: in 'KnnLandmark', its entry 'Penalties' is "
            + "missing. Take another copy of it, or fit and save it anew.");
    }

    private static (string Id, string Label) FirstLandmark()
    {
        string[] fields = SampleFiles.Rows("train.csv")[0].Split(',');
        return (fields[0], fields[1]);
    }

    // Labels are keys of texts with a blank, and there are no ids.
    private static void SaveModelOfKeys(string file, string? neighbors) => SaveModel(file, neighbors, (ml, rows) =>
        ml.Transforms.CustomMapping<LabelRow, TextRow>((from, to) => to.Text = $"landmark {from.Label}", contractName: null)
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Text")).Fit(rows).Transform(rows));

    private static void SaveModel(string file, string? neighbors, Func<MLContext, IDataView, IDataView> label)
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadLandmarks(s_models["train.csv"], SampleFiles.Images),
            nonLandmarks = ml.Data.LoadLandmarks(s_models["valid.csv"], SampleFiles.Images);
        IDataView labeled = label(ml, rows);
        var embedding = ml.Transforms.PrepareImages("Pixels", "ImagePath", 8)
            .Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork)).Fit(labeled);
        var landmarks = ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { NeighborsColumnName = neighbors },
            embedding.Transform(nonLandmarks)).Fit(embedding.Transform(labeled));
        ml.Model.Save(new TransformerChain<ITransformer>(embedding, landmarks), labeled.Schema, file);
    }

    private sealed class LabelRow
    {
        public int Label { get; set; }
    }

    private sealed class KeyRow
    {
        [KeyType(1000)]
        public uint Label { get; set; }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
