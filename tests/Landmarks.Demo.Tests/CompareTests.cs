using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class CompareTests
{
    private const string Header = "method,image-size,GAP,GAP-low,GAP-high,accuracy,accuracy-low,accuracy-high,"
        + "GAP-difference,GAP-difference-low,GAP-difference-high,accuracy-difference,accuracy-difference-low,accuracy-difference-high";

    private const string VerdictHeader = "method,image-size,stated-false-alarms,stated-unknown-landmarks,"
        + "false-alarms,false-alarms-low,false-alarms-high,unknown-landmarks,unknown-landmarks-low,unknown-landmarks-high,"
        + "right-answers-kept,right-answers-kept-low,right-answers-kept-high,wrong-answers,wrong-answers-low,wrong-answers-high";

    // What is printed has six decimals, and predictions eight.
    private const double Tolerance = 1.5e-6;

    private static readonly string[] s_methods = ["plain", "no-penalties", "whitened", "whitened-no-penalties", "whitened-tuned"];

    [TestMethod]
    public void Compare_Sample_GivesTheMeasuresOfPredictionsAndTheirBootstrap()
    {
        using var folder = new WorkFolder();
        // Each row twice, so that there are queries to tune by, and a query without a photograph, which is not answered.
        string[] data = ["--train", SampleFiles.WriteRows(folder, "train.csv", 97, times: 2), "--non-landmarks",
            SampleFiles.Of("valid.csv"), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork];
        string queries = folder.WriteText("queries.csv", File.ReadAllText(SampleFiles.Of("sample_submission.csv")) + "abcdef,\n");
        string truth = folder.WriteText("truth.csv", File.ReadAllText(SampleFiles.Of("test_truth.csv")) + "abcdef,1\n");

        ProgramResult result = DemoProgram.Run(folder,
            ["compare", .. data, "--queries", queries, "--truth", truth, "--on-bad-image", "skip"]).AssertSuccess();
        Dictionary<string, double[]> compared = ReadTable(result).ToDictionary(row => row.Method, row => row.Values);
        CollectionAssert.AreEqual(s_methods, compared.Keys.ToArray());
        StringAssert.Matches(result.OutputLines.Single(line => line.StartsWith("whitened-tuned at 8 pixels: ", StringComparison.Ordinal)),
            new("training penalty weight .*; estimated GAP "));
        string chosen = result.OutputLines.Single(line
            => line.StartsWith("fit at 8 pixels: ", StringComparison.Ordinal))["fit at 8 pixels: ".Length..];
        StringAssert.Matches(chosen, new("^whitened-tuned; cross-validated GAP of whitened .*, of plain "));
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 5 models on 77 queries, 37 with a landmark, in ");

        string[] labels = [.. File.ReadAllLines(truth)[1..].Select(row => row.Split(',')[1])],
            ids = [.. File.ReadAllLines(truth)[1..].Select(row => row.Split(',')[0])];
        string[] plain = Predict("--plain"), tuned = Predict();
        (double[] Gap, double[] Accuracy) first = Bootstrap(plain), second = Bootstrap(tuned);
        AssertRow("plain", plain, first.Gap, first.Accuracy, 0);
        AssertRow("whitened-tuned", tuned, second.Gap, second.Accuracy, compared["whitened-tuned"][0] - compared["plain"][0]);
        Assert.AreNotEqual(compared["plain"][0], compared["whitened-tuned"][0]);
        AssertInterval(compared["whitened-tuned"], 6, [.. second.Gap.Zip(first.Gap, (a, b) => a - b)]);
        AssertInterval(compared["whitened-tuned"], 9, [.. second.Accuracy.Zip(first.Accuracy, (a, b) => a - b)]);

        // The answers to the queries of the truth, in its order.
        string[] Predict(params string[] method)
        {
            ProgramResult fit = DemoProgram.Run(folder, ["fit", .. data, "--output", "model.zip", .. method]).AssertSuccess();
            if (method.Length == 0)
                Assert.AreEqual(chosen, Assert.ContainsSingle(line => line.StartsWith("Method: ", StringComparison.Ordinal),
                    fit.OutputLines)["Method: ".Length..]);
            DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", queries, "--images", SampleFiles.Images,
                "--on-bad-image", "skip").AssertSuccess();
            string[] evaluated = DemoProgram.Run(folder, "evaluate", "--predictions", "submission.csv", "--truth",
                truth).AssertSuccess().OutputLines;
            string name = method.Length > 0 ? "plain" : "whitened-tuned";
            Assert.AreEqual($"GAP {compared[name][0].ToString("F6", CultureInfo.InvariantCulture)}", evaluated[0]);
            Assert.AreEqual($"accuracy {compared[name][3].ToString("F6", CultureInfo.InvariantCulture)}", evaluated[1]);
            Assert.AreEqual("answered 76", evaluated[3]);
            if (method.Length == 0)
                AssertVerdict(name);
            Dictionary<string, string> answers = File.ReadAllLines(folder["submission.csv"])[1..].Select(row => row.Split(','))
                .ToDictionary(row => row[0], row => row[1]);
            return [.. ids.Select(id => answers[id])];
        }

        // What predict answers with verdicts, as evaluate measures it.
        void AssertVerdict(string name)
        {
            DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", queries, "--images", SampleFiles.Images,
                "--on-bad-image", "skip", "--format", "csv", "--output", "answers.csv").AssertSuccess();
            string[] measured = DemoProgram.Run(folder, "evaluate", "--predictions", "answers.csv", "--truth", truth, "--train",
                data[1]).AssertSuccess().OutputLines;
            string[] columns = VerdictHeader.Split(','), row = Assert.ContainsSingle(line
                => line.StartsWith($"{name},8,0.05,,", StringComparison.Ordinal), result.OutputLines).Split(',');
            // No query shows a landmark that is not trained.
            foreach ((string column, string value) in columns.Zip(row).Skip(4).Where(pair => pair.Second.Length > 0))
                Assert.Contains($"{column} {value}", measured);
        }

        // As plain as it can be: the queries that were drawn are put down one by one, and ranked as if they were different ones.
        (double[] Gap, double[] Accuracy) Bootstrap(string[] answers)
        {
            var random = new Random(1);
            List<double> gaps = [], accuracies = [];
            while (gaps.Count < 2000)
            {
                int[] drawn = [.. Enumerable.Range(0, ids.Length).Select(_ => random.Next(ids.Length))];
                int withLandmark = drawn.Count(q => labels[q] != "-1");
                if (withLandmark == 0)
                    continue;
                bool[] right = [.. drawn.Where(q => answers[q].Length > 0)
                    .OrderByDescending(q => double.Parse(answers[q].Split(' ')[1], CultureInfo.InvariantCulture)).ThenBy(q => ids[q],
                    StringComparer.Ordinal)
                    .Select(q => answers[q].Split(' ')[0] == labels[q])];
                gaps.Add(right.Select((isRight, i) => isRight ? right[..(i + 1)].Count(r => r) / (i + 1.0) : 0).Sum() / withLandmark);
                accuracies.Add((double)right.Count(r => r) / withLandmark);
            }

            return ([.. gaps], [.. accuracies]);
        }

        void AssertRow(string method, string[] answers, double[] gaps, double[] accuracies, double difference)
        {
            double[] values = compared[method];
            AssertInterval(values, 0, gaps);
            AssertInterval(values, 3, accuracies);
            Assert.AreEqual((double)answers.Where((answer, q) => labels[q] != "-1" && answer.Split(' ')[0] == labels[q]).Count()
                / labels.Count(l => l != "-1"), values[3], Tolerance);
            Assert.AreEqual(difference, values[6], Tolerance);
        }

        static void AssertInterval(double[] values, int place, double[] resampled)
        {
            double[] sorted = [.. resampled.Order()];
            // Shares 0.025 and 0.975 of 2,000 values: the places 49.975 and 1949.025.
            Assert.AreEqual(0.025 * sorted[49] + 0.975 * sorted[50], values[place + 1], Tolerance);
            Assert.AreEqual(0.975 * sorted[1949] + 0.025 * sorted[1950], values[place + 2], Tolerance);
        }
    }

    [TestMethod]
    [DataRow("", "320 224 448 320+224+448", DisplayName = "none")]
    [DataRow("--image-size 64", "64", DisplayName = "one")]
    public void Compare_NetworkOfAnyImageSize_ComparesAtThoseAskedForOrThree(string option, string compared)
    {
        string[] sizes = compared.Split(' ');
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder,
            [.. Arguments(folder, DemoProgram.Network), .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).AssertSuccess();
        CollectionAssert.AreEqual(sizes.SelectMany(size => s_methods.Select(method => $"{method} {size}")).ToArray(), ReadTable(result)
            .Select(row => $"{row.Method} {row.ImageSize}").ToArray());
        // Read once at each size, and not again for the means.
        Assert.HasCount(sizes.Count(size => !size.Contains('+', StringComparison.Ordinal)),
            result.OutputLines.Where(line => line == "Photographs: 12").ToArray());
        folder.AssertFiles("train.csv", "valid.csv", "test_truth.csv");
    }

    [TestMethod]
    public void Compare_SeveralImageSizes_TakesTheMeansThatTheLibraryTakes()
    {
        using var folder = new WorkFolder();
        string train = SampleFiles.Of("train.csv"), others = SampleFiles.Of("valid.csv"), truth = SampleFiles.Of("test_truth.csv");
        ProgramResult result = DemoProgram.Run(folder, "compare", "--train", train, "--non-landmarks", others, "--queries", truth,
            "--truth", truth, "--images", SampleFiles.Images,
            "--network", DemoProgram.Network, "--image-size", "64", "32", "64", "--decode-scaling", "exact").AssertSuccess();

        var ml = new MLContext();
        ITransformer model = ml.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = DemoProgram.Network,
                ImageSizes = [64, 32],
            })
            .Append(ml.Transforms.KnnLandmark())
            .Fit(ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images), new LandmarkSource(others, SampleFiles.Images)));
        IDataView queries = ml.Data.LoadLandmarks(truth, SampleFiles.Images);
        LandmarkMetrics expected = ml.Data.EvaluateLandmarks(model.Transform(queries), queries);
        List<(string Method, string ImageSize, double[] Values)> rows = ReadTable(result);
        CollectionAssert.AreEqual((string[])["64", "32", "64+32"], rows.Select(row => row.ImageSize).Distinct().ToArray());
        double[] found = rows.Single(row => row.Method == "plain" && row.ImageSize == "64+32").Values;
        Assert.AreEqual(expected.GlobalAveragePrecision, found[0], Tolerance);
        Assert.AreEqual(expected.Accuracy, found[3], Tolerance);

        // So does fit.
        foreach (string[] method in (string[][])[["--plain"], []])
        {
            DemoProgram.Run(folder, ["fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
                DemoProgram.Network, "--image-size", "64", "32", "64", "--decode-scaling", "exact", "--output", "model.zip",
                .. method]).AssertSuccess();
            DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", truth, "--images", SampleFiles.Images).AssertSuccess();
            string[] evaluated = DemoProgram.Run(folder, "evaluate", "--predictions", "submission.csv", "--truth",
                truth).AssertSuccess().OutputLines;
            found = rows.Single(row => row.Method == (method.Length > 0 ? "plain" : "whitened-tuned")
                && row.ImageSize == "64+32").Values;
            CollectionAssert.AreEqual((string[])[$"GAP {found[0].ToString("F6", CultureInfo.InvariantCulture)}",
                $"accuracy {found[3].ToString("F6", CultureInfo.InvariantCulture)}"], evaluated[..2]);
        }
    }

    [TestMethod]
    public void Compare_ImageSizesAtWhichTheNetworkFails_AreLeftOutUnlessTheyWereAskedFor()
    {
        using var folder = new WorkFolder();
        string network = SampleFiles.Network("positions");
        string[] arguments = Arguments(folder, network);

        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();
        CollectionAssert.AreEqual(s_methods.Select(method => $"{method} 64").ToArray(), ReadTable(result)
            .Select(row => $"{row.Method} {row.ImageSize}").ToArray());
        foreach (int size in (int[])[32, 96])
        {
            string start = $"warning: Left out images of {size} pixels: '{network}' can't be run on an image of {size} x {size} pixels. "
                + "Name a size that it takes by --image-size. ONNX Runtime says: ";
            Assert.ContainsSingle(line => line.StartsWith(start, StringComparison.Ordinal), result.ErrorLines);
        }

        Assert.DoesNotContain(line => line.Contains('\e', StringComparison.Ordinal), result.ErrorLines);
        ProgramResult refused = DemoProgram.Run(folder, [.. arguments, "--image-size", "64", "32"]);
        Assert.AreEqual(2, refused.ExitCode);
        Assert.AreEqual("", refused.Output);
        StringAssert.StartsWith(refused.ErrorLines[^1], $"error: '{network}' can't be run on an image of 32 x 32 pixels. ");
    }

    [TestMethod]
    public void Compare_OutputWhoseLengthDependsOnTheSize_IsAWrongArgument()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, [.. Arguments(folder, SampleFiles.Network("pixels")), "--image-size", "8", "16"]);
        Assert.AreEqual(2, result.ExitCode);
        Assert.AreEqual("error: The network's output 'pixels' has [192, 768] values for images of [8, 16] pixels; a mean needs as many "
            + "for each size.", result.ErrorLines[^1]);
    }

    [TestMethod]
    public void Compare_FoldersOfTheirOwn_AreTaken()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork);
        int images = Array.IndexOf(arguments, "--images");
        ProgramResult result = DemoProgram.Run(folder,
            [.. arguments[..images], "--train-images", SampleFiles.Images, "--non-landmark-images", SampleFiles.Images, "--query-images",
            SampleFiles.Images, .. arguments[(images + 2)..]]).AssertSuccess();
        Assert.HasCount(s_methods.Length, ReadTable(result));
    }

    [TestMethod]
    public void Compare_WrongImageSizeOrFolder_Fails()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork);
        DemoProgram.Run(folder, [.. arguments, "--image-size", "8", "16"]).AssertError(2,
            "--image-size is 16, but the network takes images of 8 pixels alone. Leave the option out.");
        arguments[Array.IndexOf(arguments, "--images") + 1] = "no";
        DemoProgram.Run(folder, arguments).AssertError(1, "The folder 'no' does not exist.");
    }

    [TestMethod]
    [DataRow("id,landmark_id\n0b68815cc03ce133,53\n",
        "1 of 2 queries in 'test_truth.csv' is missing from the truth in 'truth.csv', the first is '0f0aa2d3116e01ac'. Add them there, "
        + "with label -1 where they show no landmark, or take them out of the queries.")]
    [DataRow("id,landmark_id\nother,53\n",
        "2 of 2 queries in 'test_truth.csv' are missing from the truth in 'truth.csv', the first is '0b68815cc03ce133'. Add them there, "
        + "with label -1 where they show no landmark, or take them out of the queries.")]
    [DataRow("id,landmark_id\n0b68815cc03ce133,-1\n0f0aa2d3116e01ac,-1\nother,53\n",
        "No query of the truth shows a landmark, so there is nothing to measure.")]
    [DataRow("id,landmark_id\n0b68815cc03ce133,-1\n0f0aa2d3116e01ac,-1\n",
        "No query of the truth shows a landmark, so there is nothing to measure.")]
    public void Compare_TruthThatDoesNotFit_FailsBeforeAnyPhotographIsRead(string text, string message)
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork);
        folder.WriteText("truth.csv", text);
        arguments[Array.IndexOf(arguments, "--queries") + 1] = "test_truth.csv";
        arguments[Array.IndexOf(arguments, "--truth") + 1] = "truth.csv";
        ProgramResult result = DemoProgram.Run(folder, arguments);
        result.AssertError(1, message);
        Assert.AreEqual("", result.Output);
    }

    [TestMethod]
    public void Compare_PhotographsThatSuitThePlainMethod_ShowsWhatFitMakesBesideIt()
    {
        using var folder = new WorkFolder();
        string[] arguments = [.. Arguments(folder, SampleFiles.FastNetwork)];
        arguments[Array.IndexOf(arguments, "--non-landmarks") + 1] = SampleFiles.WriteRows(folder, "valid.csv", 60);

        ProgramResult result = DemoProgram.Run(folder, [.. arguments, "--false-alarms", "10%"]).AssertSuccess();

        CollectionAssert.AreEqual((string[])["plain", "plain-with-verdict", .. s_methods[1..]],
            ReadTable(result).Select(row => row.Method).ToArray());
        string[][] verdicts = [.. result.OutputLines.SkipWhile(line => line != VerdictHeader).Skip(1).SkipLast(1)
            .Select(line => line.Split(','))];
        CollectionAssert.AreEqual((string[])["plain-with-verdict", .. s_methods[1..]], verdicts.Select(row => row[0]).ToArray());
        Assert.IsTrue(verdicts.All(row => row[2] == "0.1" && row[3].Length == 0 && row[4].Length > 0));
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 6 models on 2 queries, 1 with a landmark, in ");
    }

    [TestMethod]
    public void Compare_QueriesInFolders_AreMeasuredByTheirFolders()
    {
        using var folder = new WorkFolder();
        string[] training = SampleFiles.Rows("train.csv")[..6], others = SampleFiles.Ids("valid.csv")[..8],
            queries = SampleFiles.Ids("test_truth.csv")[..4];
        foreach (string row in training)
            Copy($"photos/L{row.Split(',')[1]}", row.Split(',')[0]);
        Copy("photos/no landmark", others);
        Copy($"asked/L{training[0].Split(',')[1]}", queries[0], queries[1]);
        Copy("asked/no landmark", queries[2]);
        Copy("asked/Elsewhere", queries[3]);
        string[] arguments = ["compare", "--train-folders", "photos", "--non-landmark-folder", "no landmark", "--network",
            SampleFiles.FastNetwork, "--query-folders"];
        ProgramResult result = DemoProgram.Run(folder, [.. arguments, "asked"]).AssertSuccess();

        // The same by files, whose labels are numbers, which programs write in several forms.
        folder.WriteText("train.csv", $"id,landmark_id\n{string.Join('\n', training)}\n");
        folder.WriteText("valid.csv", $"id,landmark_id\n{string.Join('\n', others.Select(id => $"{id},-1"))}\n");
        folder.WriteText("truth.csv", $"id,landmark_id\n{queries[0]},{training[0].Split(',')[1]}\n{queries[1]},"
            + $"00{training[0].Split(',')[1]}\n{queries[2]},-1\n{queries[3]},999999\n");
        ProgramResult byFiles = DemoProgram.Run(folder, "compare", "--train", "train.csv", "--non-landmarks", "valid.csv", "--images",
            SampleFiles.Images, "--queries", "truth.csv", "--truth", "truth.csv", "--network", SampleFiles.FastNetwork).AssertSuccess();
        // The intervals depend on the order of the queries.
        foreach (((_, _, double[] found), (_, _, double[] expected)) in ReadTable(result).Zip(ReadTable(byFiles)))
            CollectionAssert.AreEqual((double[])[expected[0], expected[3]], (double[])[found[0], found[3]]);
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 5 models on 4 queries, 3 with a landmark, in ");
        string unknown = "warning: 1 of 3 queries with a landmark shows one that no training row names. No method can answer it right, and "
            + "it counts as wrong in every measure.";
        Assert.Contains(unknown, result.ErrorLines);
        Assert.DoesNotContain(line => line.Contains("among", StringComparison.Ordinal), result.ErrorLines);

        // A folder without photographs of nothing, and with those that were trained.
        Copy($"again/L{training[1].Split(',')[1]}", queries[0]);
        Assert.DoesNotContain(line => line.Contains("quer", StringComparison.Ordinal),
            DemoProgram.Run(folder, [.. arguments, "again"]).AssertSuccess().ErrorLines);
        Assert.Contains("warning: 14 of 14 queries are among the training rows too, by file. Such a query finds itself, and says nothing "
            + "of other photographs. Take it out of either.", DemoProgram.Run(folder, [.. arguments, "photos"]).AssertSuccess().ErrorLines);
        DemoProgram.Run(folder, [.. arguments, "none"]).AssertError(1, "The folder 'none' does not exist.");
        DemoProgram.Run(folder, [.. arguments, "asked", "--non-landmarks", "sample"]).AssertError(1, "'photos/no landmark' would be a "
            + "landmark with --non-landmarks sample, and --non-landmark-folder says that it is none. Leave --non-landmarks sample out to "
            + "learn from its photographs, or move it out of --train-folders.");

        void Copy(string landmark, params string[] ids)
        {
            Directory.CreateDirectory(folder[landmark]);
            foreach (string id in ids)
                File.Copy(SampleFiles.Photo(id), folder[$"{landmark}/{id}.jpg"]);
        }
    }

    [TestMethod]
    public void Compare_NoQuery_Fails()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork);
        folder.WriteText("none.csv", "id,landmarks\n");
        arguments[Array.IndexOf(arguments, "--queries") + 1] = "none.csv";
        DemoProgram.Run(folder, arguments).AssertError(1, "'none.csv' has no row below its header.");
    }

    [TestMethod]
    public void Compare_TruthOfMoreThanTheQueries_MeasuresTheQueriesAloneAndSaysSo()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork);
        ProgramResult exact = DemoProgram.Run(folder, arguments).AssertSuccess();
        folder.WriteText("truth.csv", $"{File.ReadAllText(folder["test_truth.csv"])}more,53\nanother,-1\n");
        arguments[Array.IndexOf(arguments, "--queries") + 1] = "test_truth.csv";
        arguments[Array.IndexOf(arguments, "--truth") + 1] = "truth.csv";

        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();

        CollectionAssert.AreEqual(ReadTable(exact).SelectMany(row => row.Values).ToArray(), ReadTable(result)
            .SelectMany(row => row.Values).ToArray());
        Assert.Contains("warning: 2 rows of the truth in 'truth.csv' are no queries in 'test_truth.csv' and do not count. evaluate would "
            + "count those with a landmark as not answered.", result.ErrorLines);
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 5 models on 2 queries, 1 with a landmark, in ");
    }

    [TestMethod]
    public void Compare_QueriesMarkedIgnored_MeasuresTheOthersAloneAndSaysSo()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, SampleFiles.FastNetwork), rows = SampleFiles.Rows("test_truth.csv");
        ProgramResult exact = DemoProgram.Run(folder, arguments).AssertSuccess();
        folder.WriteText("truth.csv", $"id,landmark_id,Usage\n{rows[0]},Public\n{rows[1]},Private\n{rows[2]},Ignored\n");
        folder.WriteText("queries.csv", $"id\n{string.Join('\n', SampleFiles.Ids("test_truth.csv")[..3])}\n");
        arguments[Array.IndexOf(arguments, "--queries") + 1] = "queries.csv";
        arguments[Array.IndexOf(arguments, "--truth") + 1] = "truth.csv";

        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();

        CollectionAssert.AreEqual(ReadTable(exact).SelectMany(row => row.Values).ToArray(), ReadTable(result)
            .SelectMany(row => row.Values).ToArray());
        Assert.Contains("warning: 1 row of 'queries.csv' is marked Ignored in the truth in 'truth.csv' and does not count.",
            result.ErrorLines);
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 5 models on 2 queries, 1 with a landmark, in ");
    }

    [TestMethod]
    public void Compare_QueriesThatNoMethodDecides_CountsAndSaysSo()
    {
        using var folder = new WorkFolder();
        string[] training = SampleFiles.Rows("train.csv")[..6], others = SampleFiles.Ids("test_truth.csv")[..3],
            arguments = Arguments(folder, SampleFiles.FastNetwork);
        arguments[Array.IndexOf(arguments, "--queries") + 1] = arguments[Array.IndexOf(arguments, "--truth") + 1] = "mine.csv";

        // A query of the training data, and two of landmarks that it does not name; one of these may show a third as well.
        folder.WriteText("mine.csv", $"id,landmarks\n{training[0]}\n{others[0]},999999\n{others[1]},999998 999997\n{others[2]},\n");
        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();
        Assert.Contains("warning: 2 of 3 queries with a landmark show one that no training row names. No method can answer them right, "
            + "and they count as wrong in every measure.", result.ErrorLines);
        Assert.Contains("warning: 1 of 4 queries is among the training rows too, by id. Such a query finds itself, and says nothing of "
            + "other photographs. Take it out of either.", result.ErrorLines);
        StringAssert.StartsWith(result.OutputLines[^1], "Compared 5 models on 4 queries, 3 with a landmark, in ");
        foreach ((_, _, double[] values) in ReadTable(result))
            Assert.IsLessThanOrEqualTo(1 / 3.0 + Tolerance, values[3]);

        folder.WriteText("mine.csv", $"id,landmarks\n{others[0]},{training[0].Split(',')[1]}\n{others[1]},999998 "
            + $"{training[1].Split(',')[1]}\n{others[2]},\n");
        Assert.DoesNotContain(line => line.Contains("quer", StringComparison.Ordinal),
            DemoProgram.Run(folder, arguments).AssertSuccess().ErrorLines);
    }

    // Few rows, and the first two queries, of which the second shows no landmark.
    [TestMethod]
    public void Compare_TerminalTooNarrowForItsTable_ShowsTheFigures()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Inconclusive("Needs script, which makes a terminal.");
        using var folder = new WorkFolder();
        string[] command = ["dotnet", DemoProgram.Program, .. Arguments(folder, SampleFiles.FastNetwork)];
        string line = $"stty cols 40; {string.Join(' ', command.Select(argument => $"'{argument}'"))}";

        ProgramResult result = DemoProgram.RunOther("/usr/bin/script", folder, "-qec", line, folder["typescript"]).AssertSuccess();

        foreach (string method in s_methods)
            StringAssert.Matches(result.Output, new($@"\u2502 {method} +\u2502 +8 \u2502 [01]\.\d{{4}} "));
    }

    private static string[] Arguments(WorkFolder folder, string network) =>
    [
        "compare", "--train", SampleFiles.WriteRows(folder, "train.csv", 6), "--non-landmarks",
        SampleFiles.WriteRows(folder, "valid.csv", 6), "--images", SampleFiles.Images,
        "--queries", SampleFiles.WriteRows(folder, "test_truth.csv", 2), "--truth", folder["test_truth.csv"], "--network", network,
    ];

    private static List<(string Method, string ImageSize, double[] Values)> ReadTable(ProgramResult result)
    {
        string[][] rows = [.. result.OutputLines.SkipWhile(line => line != Header)
            .TakeWhile(line => line.Contains(',', StringComparison.Ordinal) && !line.Contains(' ', StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Split(','))];
        return [.. rows.Select(row
            => (row[0], row[1], row[2..].Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray()))];
    }
}
