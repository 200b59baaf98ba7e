using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landmarks.Demo.Tests;

/// <summary>Answers for programs, of photographs, folders and globs.</summary>
[TestClass]
public sealed class PredictAnswersTests
{
    private static readonly string[] s_fields = ["id", "landmark", "name", "score", "isLandmark", "falseAlarmProbability",
        "unknownLandmarkProbability", "top", "neighbors", "nonLandmarkNeighbors", "queryPenalty", "error"];

    private static WorkFolder s_models = null!;

    private static string Model => s_models["model.zip"];

    [ClassInitialize]
    public static void Fit(TestContext _)
    {
        s_models = new WorkFolder();
        DemoProgram.Run(s_models, SampleFiles.FitArguments(s_models, "model.zip", "--plain")).AssertSuccess();
    }

    [ClassCleanup]
    public static void CleanUp() => s_models.Dispose();

    [TestMethod]
    public void Predict_Json_HasAnObjectWithAllFieldsOnEachLine()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string names = folder.WriteText("names.csv", $"landmark_id,name\n{label},\"Zürich, \"\"Rock\"\"\"\n");
        string photo = SampleFiles.Photo(id);

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, "--format", "json", "--names", names, photo, photo);

        JsonElement[] answers = Answers(result.AssertSuccess());
        Assert.HasCount(2, answers);
        Assert.AreEqual("Photographs: 2", result.ErrorLines[0]);
        StringAssert.Matches(Assert.ContainsSingle(Messages(result)), new(
            @"^Answered 2 photographs in .* images a second\. The model has no verdict, so each answer is the best guess\.$"));
        Assert.AreEqual(result.OutputLines[0], result.OutputLines[1]);
        StringAssert.Contains(result.Output, "Zürich, \\\"Rock\\\"");
        JsonElement answer = answers[0];
        Assert.AreSequenceEqual(s_fields, answer.EnumerateObject().Select(property => property.Name));
        Assert.AreEqual((photo, label, "Zürich, \"Rock\""), (Text(answer, "id"), Text(answer, "landmark"), Text(answer, "name")));
        foreach (string none in (string[])["isLandmark", "falseAlarmProbability", "unknownLandmarkProbability", "error"])
            Assert.AreEqual(JsonValueKind.Null, answer.GetProperty(none).ValueKind, none);
        JsonElement[] top = [.. answer.GetProperty("top").EnumerateArray()];
        JsonElement[] neighbors = [.. answer.GetProperty("neighbors").EnumerateArray()];
        Assert.HasCount(5, top);
        Assert.AreSequenceEqual(["landmark", "name", "score"], top[0].EnumerateObject().Select(property => property.Name));
        Assert.AreEqual((label, "Zürich, \"Rock\""), (Text(top[0], "landmark"), Text(top[0], "name")));
        Assert.HasCount(5, neighbors);
        Assert.AreSequenceEqual(["id", "landmark", "similarity", "penalty", "score"],
            neighbors[0].EnumerateObject().Select(property => property.Name));
        Assert.AreEqual((id, label), (Text(neighbors[0], "id"), Text(neighbors[0], "landmark")));
        foreach (JsonElement neighbor in neighbors)
            Assert.AreEqual(Number(neighbor, "score"), Number(neighbor, "similarity") - Number(neighbor, "penalty"), 1e-6);
        JsonElement[] others = [.. answer.GetProperty("nonLandmarkNeighbors").EnumerateArray()];
        Assert.AreSequenceEqual(["id", "similarity"], others[0].EnumerateObject().Select(property => property.Name));
        Assert.Contains(Text(others[0], "id"), SampleFiles.Ids("valid.csv")[..12]);
        Assert.AreEqual(Number(answer, "queryPenalty"), others.Average(other => Number(other, "similarity")), 1e-6);
        folder.AssertFiles("names.csv");
    }

    [TestMethod]
    public void Predict_Json_WritesEachAnswerBeforeLaterPhotographsAreRead()
    {
        using var folder = new WorkFolder();
        string[] ids = [.. Enumerable.Range(0, 1_000).Select(i => $"tree/{i / 100}/{i / 10 % 10}/{i:d3}.bmp")];
        foreach ((string id, int i) in ids.Select((id, i) => (id, i)))
            BitmapFile.Write(folder[id], 8, (x, y) => (byte)(x * y * (i % 7) + 8 * x));
        string last = folder[ids[^1]];
        BitmapFile.Write(folder["later.bmp"], 8, (x, y) => (byte)(20 * x));
        File.WriteAllText(last, "not yet a photograph");

        // No pipe holds as many answers as there are: the program waits until all but the last are read.
        int read = 0;
        ProgramResult result = DemoProgram.RunAndFollow(_ =>
        {
            if (read++ == 0)
                File.Move(folder["later.bmp"], last, overwrite: true);
        }, folder, "predict", "--model", Model, "--format", "json", "tree");

        JsonElement[] answers = Answers(result.AssertSuccess());
        Assert.AreSequenceEqual(ids, answers.Select(answer => Text(answer, "id")));
        Assert.IsTrue(answers.All(answer => answer.GetProperty("error").ValueKind == JsonValueKind.Null
            && answer.GetProperty("score").ValueKind == JsonValueKind.Number));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("json")]
    [DataRow("csv")]
    [DataRow("text")]
    public void Predict_ReaderThatLeaves_EndsQuietly(string format)
    {
        using var folder = new WorkFolder();
        // The last of them can't be read, so the exit code tells whether it was.
        string[] photos = [.. Enumerable.Repeat(SampleFiles.Photo(FirstLandmark().Id), 1_000), "none.jpg"];

        ProgramResult result = DemoProgram.RunOther("bash", folder, ["-c", "set -o pipefail; dotnet \"$@\" | head -n 1", "bash",
            DemoProgram.Program, "predict", "--model", Model, "--format", format, .. photos]);

        result.AssertSuccess();
        Assert.HasCount(1, result.OutputLines);
        Assert.IsEmpty(Messages(result));
        folder.AssertFiles();
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Predict_Interrupted_LeavesWholeLines()
    {
        using var folder = new WorkFolder();
        string[] photos = [.. Enumerable.Repeat(SampleFiles.Photo(FirstLandmark().Id), 5_000)];

        ProgramResult result = DemoProgram.RunUntil("{", "INT", folder, ["predict", "--model", Model, "--format", "json", .. photos]);

        Assert.AreEqual(130, result.ExitCode);
        Assert.AreEqual("error: Interrupted before the job was done.", result.ErrorLines[^1]);
        Assert.EndsWith("\n", result.Output);
        Assert.IsInRange(1, 4_999, Answers(result).Length);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Predict_StandardOutputThatIsFull_SaysSo()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.RunOther("sh", folder, ["-c", "exec dotnet \"$@\" > /dev/full", "sh", DemoProgram.Program,
            "predict", "--model", Model, "--format", "json", SampleFiles.Photo(FirstLandmark().Id)]);

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreSequenceEqual(["error: Standard output could not be written: No space left on device"], Messages(result));
    }

    [TestMethod]
    public void Predict_UnreadablePhotograph_IsALineWithItsReason()
    {
        using var folder = new WorkFolder();
        folder.WriteText("text.jpg", "text");
        string photo = SampleFiles.Photo(FirstLandmark().Id);
        string[] arguments = ["predict", "--model", Model, "--format", "json", photo, "text.jpg", "none.jpg", photo];
        string unreadable = "'text.jpg' is not a readable image.", missing = "'none.jpg' does not exist.";

        ProgramResult others = DemoProgram.Run(folder, arguments),
            failed = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "fail"]),
            skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();

        Assert.AreEqual(1, others.ExitCode);
        Assert.AreSequenceEqual([null, unreadable, missing, null], Answers(others).Select(answer => Text(answer, "error")));
        Assert.AreEqual("\"text.jpg\" null null null null null null [] [] [] null",
            string.Join(' ', Answers(others)[1].EnumerateObject().SkipLast(1).Select(property => property.Value.GetRawText())));
        Assert.AreSequenceEqual([$"error: {unreadable}", $"error: {missing}"], Messages(others)[..2]);
        Assert.AreEqual(1, failed.ExitCode);
        Assert.AreSequenceEqual(others.OutputLines[..2], failed.OutputLines);
        Assert.AreEqual($"error: {unreadable}", Messages(failed)[0]);
        Assert.AreSequenceEqual(others.OutputLines, skipped.OutputLines);
        StringAssert.StartsWith(Messages(skipped)[0], "warning: 2 photographs could not be read");
    }

    [TestMethod]
    public void Predict_Csv_HasTheScoresOfTheModel()
    {
        using var folder = new WorkFolder();
        string[] photos = [.. SampleFiles.Ids("train.csv")[..3].Select((id, i) => $"{i}, \"photo\".jpg")];
        for (int i = 0; i < 3; i++)
            File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[i]), folder[photos[i]]);

        ProgramResult csv = DemoProgram.Run(folder, ["predict", "--model", Model, "--format", "csv", "--top", "2", .. photos]);
        JsonElement[] answers = Answers(DemoProgram.Run(folder,
            ["predict", "--model", Model, "--format", "json", "--top", "2", .. photos]).AssertSuccess());

        string[] lines = csv.AssertSuccess().OutputLines;
        Assert.AreEqual("id,landmark,name,score,isLandmark,falseAlarmProbability,unknownLandmarkProbability,queryPenalty,error,"
            + "top1Landmark,top1Name,top1Score,top2Landmark,top2Name,top2Score", lines[0]);
        Assert.HasCount(4, lines);
        for (int i = 0; i < 3; i++)
        {
            JsonElement answer = answers[i];
            Assert.HasCount(2, answer.GetProperty("top").EnumerateArray());
            string top = string.Join(',', answer.GetProperty("top").EnumerateArray().Select(candidate
                => $"{Text(candidate, "landmark")},{Text(candidate, "name")},{candidate.GetProperty("score").GetRawText()}"));
            Assert.AreEqual($"\"{i}, \"\"photo\"\".jpg\",{Text(answer, "landmark")},{Text(answer, "name")},"
                + $"{answer.GetProperty("score").GetRawText()},,,,{answer.GetProperty("queryPenalty").GetRawText()},,{top}", lines[i + 1]);
        }
    }

    [TestMethod]
    public void Predict_TextWithTop_TellsHowScoresCameAbout()
    {
        using var folder = new WorkFolder();
        (string id, string label) = FirstLandmark();
        string photo = SampleFiles.Photo(id);

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, "--format", "text", "--top", "2", photo);

        string[] lines = result.AssertSuccess().OutputLines;
        Assert.HasCount(8, lines);
        StringAssert.StartsWith(lines[0], $"{photo}: {label}, score ");
        StringAssert.Matches(lines[1], new($@"^landmark 1\. {label}  \d\.\d{{6}}$"));
        StringAssert.Matches(lines[2], new(@"^landmark 2\. \d+  -?\d\.\d{6}$"));
        Match neighbor = Regex.Match(lines[3], $@"^1\. {id}  {label}: (1\.000000) - (-?0\.\d{{6}}) = (\d\.\d{{6}})$");
        Assert.IsTrue(neighbor.Success, lines[3]);
        double[] terms = [.. neighbor.Groups.Values.Skip(1).Select(term => double.Parse(term.Value, CultureInfo.InvariantCulture))];
        Assert.AreEqual(terms[2], terms[0] - terms[1], 1.5e-6);
    }

    [TestMethod]
    public void Predict_OutputFile_TakesTheAnswers()
    {
        using var folder = new WorkFolder();
        string photo = SampleFiles.Photo(FirstLandmark().Id);
        string[] arguments = ["predict", "--model", Model, photo, "none.jpg"];
        foreach (string[] format in (string[][])[["--format", "json"], ["--format", "csv"], ["--format", "text"], []])
        {
            ProgramResult expected = DemoProgram.Run(folder, [.. arguments, .. format]);
            ProgramResult result = DemoProgram.Run(folder, [.. arguments, .. format, "--output", "answers"]);

            Assert.AreEqual(1, result.ExitCode);
            Assert.AreSequenceEqual(["error: 'none.jpg' does not exist."], result.MessageLines);
            Assert.IsEmpty(result.Output);
            StringAssert.StartsWith(result.ErrorLines[^1], "Answered 1 photograph in ");
            StringAssert.Contains(result.ErrorLines[^1], $" images a second. Wrote {folder["answers"]}.");
            CollectionAssert.AreEqual(expected.OutputLines, File.ReadAllLines(folder["answers"]).Select(line => line.Trim()).ToArray());
            folder.AssertFiles("answers");
        }

        File.Copy(photo, folder["photo.jpg"]);
        DemoProgram.Run(folder, "predict", "--model", Model, "--output", "photo.jpg", "photo.jpg").AssertError(1,
            "'photo.jpg' is to be written and is read in this run. Name another file to write.");
    }

    [TestMethod]
    public void Predict_FoldersAndGlobs_AreTheirPhotographs()
    {
        using var folder = new WorkFolder();
        foreach (string name in (string[])["b.bmp", "a/2.BMP", "a/10.bmp", "a/notes.txt", "a/.hidden.bmp", "a/deep/er/x.bmp", "c/[1]*.bmp",
            "c/c.bmp", "#recycle/r.bmp"])
            BitmapFile.Write(folder[$"tree/{name}"], 8, (x, y) => (byte)(10 * x));
        Directory.CreateDirectory(folder["empty"]);

        (string Argument, string[] Photographs)[] expected =
        [
            ("tree", ["tree/a/10.bmp", "tree/a/2.BMP", "tree/a/deep/er/x.bmp", "tree/b.bmp", "tree/c/[1]*.bmp", "tree/c/c.bmp"]),
            ("./tree/a/", ["./tree/a/10.bmp", "./tree/a/2.BMP", "./tree/a/deep/er/x.bmp"]),
            ("tree/*.bmp", ["tree/b.bmp"]),
            ("tree/*/?.bmp", ["tree/a/2.BMP", "tree/c/c.bmp"]),
            ("tree/**/?.bmp", ["tree/a/2.BMP", "tree/a/deep/er/x.bmp", "tree/b.bmp", "tree/c/c.bmp"]),
            ("**/deep/**", ["tree/a/deep/er/x.bmp"]),
            ("tree/a/*", ["tree/a/10.bmp", "tree/a/2.BMP", "tree/a/deep/er/x.bmp"]),
            ("tree/a/.*", ["tree/a/.hidden.bmp"]),
            ("tree/c/[1]*.bmp", ["tree/c/[1]*.bmp"]),
            (folder["t?ee/b*"], [folder["tree/b.bmp"]]),
            // One that stands for no photograph stands for itself.
            ("tree/*.png", ["tree/*.png"]),
            ("no/**/*.bmp", ["no/**/*.bmp"]),
            ("empty", ["empty"]),
        ];

        ProgramResult result = DemoProgram.Run(folder,
            ["predict", "--model", Model, "--format", "json", .. expected.Select(pair => pair.Argument)]);

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreSequenceEqual(expected.SelectMany(pair => pair.Photographs), Answers(result).Select(answer => Text(answer, "id")));
        Assert.AreSequenceEqual([.. Enumerable.Repeat((string?)null, Answers(result).Length - 3), NoMatch("tree/*.png"),
            NoMatch("no/**/*.bmp"), "There is no photograph in the folders of 'empty'."],
            Answers(result).Select(answer => Text(answer, "error")));
        // What a folder does not give is told, once; of globs nobody asks.
        StringAssert.StartsWith(Messages(result)[0], "warning: Left out of 'tree': no photographs by their ending: 1 (.txt: 1; ");
        Assert.HasCount(1, result.ErrorLines.Where(line => line.Contains("Left out of 'tree'", StringComparison.Ordinal)));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void Predict_FolderThatMayNotBeRead_CostsNoOtherAnswer()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Inconclusive("Root may read every folder.");
        using var folder = new WorkFolder();
        BitmapFile.Write(folder["a.bmp"], 8, (x, y) => (byte)(10 * x));
        Directory.CreateDirectory(folder["locked"], UnixFileMode.None);

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, "--format", "json", "locked", "a.bmp");

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreSequenceEqual([$"Access to the path '{folder["locked"]}' is denied.", null],
            Answers(result).Select(answer => Text(answer, "error")));
    }

    [TestMethod]
    public void Predict_QueryFolders_AreQueriesByTheNamesBelow()
    {
        using var folder = new WorkFolder();
        string[] ids = ["Eiffel, Tower/1.jpg", "Eiffel, Tower/2019/2.jpg", "loose.jpg"];
        foreach (string id in ids)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[$"photos/{id}"])!);
            File.Copy(SampleFiles.Photo(FirstLandmark().Id), folder[$"photos/{id}"]);
        }

        StringAssert.StartsWith(DemoProgram.Run(folder, "predict", "--model", Model, "--query-folders", "photos").AssertSuccess()
            .OutputLines[^1], $"Wrote {folder["submission.csv"]}: 3 rows in ");
        JsonElement[] answers = Answers(DemoProgram.Run(folder, "predict", "--model", Model, "--query-folders", "photos", "--format",
            "json").AssertSuccess());

        string label = FirstLandmark().Label;
        Assert.AreSequenceEqual(["id,landmarks", $"\"Eiffel, Tower/1.jpg\",{label} 0.00000000",
            $"\"Eiffel, Tower/2019/2.jpg\",{label} 0.00000000", $"loose.jpg,{label} 0.00000000"],
            File.ReadAllLines(folder["submission.csv"]));
        Assert.AreSequenceEqual(ids, answers.Select(answer => Text(answer, "id")));
        Directory.CreateDirectory(folder["empty"]);
        DemoProgram.Run(folder, "predict", "--model", Model, "--query-folders", "empty").AssertError(1,
            "There is no photograph in the folders of 'empty'.");
        DemoProgram.Run(folder, "predict", "--model", Model, "--query-folders", "none").AssertError(1,
            "The folder 'none' does not exist.");
    }

    [TestMethod]
    public void Predict_QueriesInAForm_AreCalledByTheirIds()
    {
        using var folder = new WorkFolder();
        string[] ids = [.. SampleFiles.Ids("train.csv")[..3]];
        string queries = folder.WriteText("queries.csv", $"id\n{string.Join('\n', ids)}\n");

        ProgramResult result = DemoProgram.Run(folder, "predict", "--model", Model, "--queries", queries, "--images", SampleFiles.Images,
            "--format", "json");

        Assert.AreSequenceEqual(ids, Answers(result.AssertSuccess()).Select(answer => Text(answer, "id")));
        folder.AssertFiles("queries.csv");
    }

    [TestMethod]
    public void Predict_ModelWithAVerdict_SaysWhatShowsNoLandmark()
    {
        using var folder = new WorkFolder();
        string[] fit = SampleFiles.FitArguments(folder, "model.zip");
        SampleFiles.WriteRows(folder, "valid.csv", 90);
        DemoProgram.Run(folder, fit).AssertSuccess();
        string[] photos = [.. SampleFiles.Ids("train.csv")[..6].Concat(SampleFiles.Ids("valid.csv")[..60]).Select(SampleFiles.Photo)];

        foreach ((string option, double rate) in new[] { ("5%", 0.05), ("0.5", 0.5) })
        {
            ProgramResult result = DemoProgram.Run(folder, ["predict", "--model", "model.zip", "--format", "json", "--false-alarms",
                option, .. photos]).AssertSuccess();
            JsonElement[] answers = Answers(result);
            foreach (JsonElement answer in answers)
            {
                double probability = Number(answer, "falseAlarmProbability");
                Assert.IsInRange(1 / 31d - 1e-6, 1, probability);
                Assert.AreEqual(probability <= rate, answer.GetProperty("isLandmark").GetBoolean());
                Assert.IsNotNull(Text(answer, "landmark"));
            }

            int none = answers.Count(answer => !answer.GetProperty("isLandmark").GetBoolean());
            Assert.IsInRange(1, photos.Length - 6, none);
            StringAssert.EndsWith(result.ErrorLines[^1], $" No landmark in {none} of them, at {100 * rate} % false alarms.");
        }

        string[] lines = DemoProgram.Run(folder, ["predict", "--model", "model.zip", .. photos]).AssertSuccess().OutputLines;
        Assert.Contains(line => Regex.IsMatch(line, @": \d+, score -?\d\.\d{6}, false alarm p 0\.0\d{3}$"), lines);
        Assert.Contains(line => Regex.IsMatch(line,
            @": no landmark, false alarm p [01]\.\d{4}; the best guess is \d+, score -?\d\.\d{6}$"), lines);
        DemoProgram.Run(folder, ["predict", "--model", "model.zip", "--false-alarms", "1%", photos[0]]).AssertError(1, "The model judges "
            + "by 30 photographs of nothing, and --false-alarms 0.01 takes 99. Ask for 0.0323 or more, or fit the model with more "
            + "non-landmarks.");
        DemoProgram.Run(folder, ["predict", "--model", "model.zip", "--unknown-landmarks", "5%", photos[0]]).AssertError(1, "The model "
            + "can't tell unknown landmarks: it was fitted to too few landmarks with too few rows. Fit it to at least 8 landmarks with 5 "
            + "rows each, or leave --unknown-landmarks out.");
    }

    [TestMethod]
    public void Predict_RatesOfAModelWithoutAVerdict_AreAnError()
    {
        using var folder = new WorkFolder();
        foreach (string option in (string[])["--false-alarms", "--unknown-landmarks"])
        {
            DemoProgram.Run(folder, "predict", "--model", Model, option, "5%", "photo.jpg").AssertError(1,
                "The model has no verdict, whose rates could be set. Leave the rate out, or fit the model by the "
                + "method that fit chooses, with enough non-landmarks.");
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Predict_StrangeNames_AreValidUtf8InAnyLocale()
    {
        using var folder = new WorkFolder();
        string[] names = ["a\nb\u2028c.bmp", "\u202e\e[31m\U0001f600.bmp", "Z\u00fcrich & 'Gro\u00dfm\u00fcnster' <1>.bmp"];
        foreach (string name in names)
            BitmapFile.Write(folder[$"tree/{name}"], 8, (x, y) => (byte)(10 * x));

        ProgramResult result = DemoProgram.RunOther("sh", folder, ["-c", "LC_ALL=en_US.ISO-8859-1 exec dotnet \"$@\"", "sh",
            DemoProgram.Program, "predict", "--model", Model, "--format", "json", "tree"]).AssertSuccess();

        CollectionAssert.AreEquivalent(names.Select(name => $"tree/{name}").ToArray(),
            Answers(result).Select(answer => Text(answer, "id")).ToArray());
        Assert.HasCount(3, result.OutputLines);
        Assert.IsFalse(result.Output.Any(c => char.IsControl(c) && c != '\n'));
        StringAssert.Contains(result.Output, "Z\u00fcrich & 'Gro\u00dfm\u00fcnster' <1>.bmp");
    }

    private static string NoMatch(string glob)
        => $"No photograph matches '{glob}'. In it * stands for any letters, ? for one, and ** for folders at any depth.";

    private static JsonElement[] Answers(ProgramResult result)
        => [.. result.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];

    // How far it is is told more often where the machine is busy.
    private static string[] Messages(ProgramResult result)
        => [.. result.ErrorLines.Where(line => !line.StartsWith("Photographs: ", StringComparison.Ordinal))];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static (string Id, string Label) FirstLandmark()
    {
        string[] fields = SampleFiles.Rows("train.csv")[0].Split(',');
        return (fields[0], fields[1]);
    }
}
