using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class FitTests
{
    [TestMethod]
    public void Fit_FewPhotographs_WritesAModelThatAnswersThem()
    {
        using var folder = new WorkFolder();
        ProgramResult fit = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--neighbors", "1")).AssertSuccess();
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
        StringAssert.StartsWith(fit.OutputLines[^1], $"Wrote {folder["model.zip"]}: 6 landmark rows and 12 non-landmark rows in ");
        StringAssert.EndsWith(fit.OutputLines[^1], " images a second.");

        ProgramResult predict = DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", "train.csv", "--images",
            SampleFiles.Images, "--output", "answers.csv").AssertSuccess();
        StringAssert.StartsWith(predict.OutputLines[^1], $"Wrote {folder["answers.csv"]}: 6 rows in ");
        ProgramResult evaluate = DemoProgram.Run(folder, "evaluate", "--predictions", "answers.csv", "--truth",
            "train.csv").AssertSuccess();
        CollectionAssert.AreEqual((string[])["GAP 1.000000", "accuracy 1.000000", "queries 6", "answered 6", "with-landmark 6", "right 6"],
            evaluate.OutputLines[..6]);
    }

    [TestMethod]
    public void Fit_Model_TakesBytesInPlaceOfPaths()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--neighbors", "1")).AssertSuccess();
        DemoProgram.Run(folder, "predict", "--model", "model.zip", "--queries", "train.csv", "--images", SampleFiles.Images, "--output",
            "answers.csv").AssertSuccess();
        var ml = new MLContext();

        using var engine = ml.Model.CreatePredictionEngine<PhotographBytes, PhotographAnswer>(ml.Model.Load(folder["model.zip"], out _));
        string[] found = [.. SampleFiles.Ids("train.csv")[..6]
            .Select(id
            => $"{id},{engine.Predict(new PhotographBytes { ImagePath = File.ReadAllBytes(SampleFiles.Photo(id)) }).PredictedLabel}")];

        CollectionAssert.AreEqual(File.ReadAllLines(folder["answers.csv"])[1..].Select(line => line.Split(' ')[0]).ToArray(), found);
    }

    [TestMethod]
    public void Fit_CsvFilesThroughPipes_ReadsThemOnce()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Pipes have names in the file system on other systems.");
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArguments(folder, "model.zip", "--plain");
        Task[] writers = [.. new[] { "train.csv", "valid.csv" }.Select(name =>
        {
            string text = File.ReadAllText(folder[name]);
            File.Delete(folder[name]);
            using (Process make = Process.Start("mkfifo", folder[name]))
                make.WaitForExit();
            return Task.Run(() => File.WriteAllText(folder[name], text));
        })];

        ProgramResult fit = DemoProgram.Run(folder, arguments).AssertSuccess();

        Task.WaitAll(writers);
        StringAssert.StartsWith(fit.OutputLines[^1], $"Wrote {folder["model.zip"]}: 6 landmark rows and 12 non-landmark rows in ");
    }

    [TestMethod]
    public void Fit_SolutionForNonLandmarks_TakesQueriesThatShowNone()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("valid.csv");
        string solution = folder.WriteText("solution.csv",
            $"id,landmarks,Usage\n{ids[0]},,Public\n{ids[1]},7,Private\n{ids[2]},,Private\n");

        ProgramResult fit = DemoProgram.Run(folder,
            [.. SampleFiles.FitArguments(folder, "model.zip", "--plain")
            .Select(argument => argument == folder["valid.csv"] ? solution : argument)]).AssertSuccess();

        Assert.Contains($"Left out 1 row of {solution}: not labelled -1.", fit.OutputLines);
        StringAssert.StartsWith(fit.OutputLines[^1], $"Wrote {folder["model.zip"]}: 6 landmark rows and 2 non-landmark rows in ");
    }

    [TestMethod]
    public void Fit_ByDefault_WhitensAndTunesAsTheLibraryDoes()
    {
        using var folder = new WorkFolder();
        // Each row twice, so that there are queries to tune by.
        string train = SampleFiles.WriteRows(folder, "train.csv", 40, times: 2), others = SampleFiles.WriteRows(folder, "valid.csv", 40);
        ProgramResult result = DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip").AssertSuccess();

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images),
            new LandmarkSource(others, SampleFiles.Images));
        KnnLandmarkTransformer expected = SampleFiles.PrepareImages(ml)
            .Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .AppendCacheCheckpoint(ml)
            .Append(ml.Transforms.WhitenFeatures("Features"))
            .Append(ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() }))
            .Fit(rows).LastTransformer;
        var found = (LandmarkRecognizingTransformer)LoadSteps(folder["model.zip"])[^1];
        Assert.AreEqual(LandmarkMethod.WhitenedTuned, found.Method);
        Assert.AreEqual(expected.TrainingPenaltyWeight, found.TrainingPenaltyWeight);
        Assert.AreEqual(expected.QueryPenaltyWeight, found.QueryPenaltyWeight);
        Assert.AreEqual(expected.SimilarityExponent, found.SimilarityExponent);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture,
            $"Tuned: training penalty weight {expected.TrainingPenaltyWeight}, query penalty weight {expected.QueryPenaltyWeight}, "
            + $"similarity exponent {expected.SimilarityExponent}; estimated GAP "
            + $"{expected.TuningResult!.EstimatedGlobalAveragePrecision:F4}, with 1, 1, 1 "
            + $"{expected.TuningResult.PlainGlobalAveragePrecision:F4}."),
            result.OutputLines);
        Assert.IsEmpty(result.ErrorLines);
        foreach (string stage in (string[])["Photographs: 120", "Whitening: 120", "Penalties, whitened-tuned: 80", "Tuning, percent: 100"])
            Assert.ContainsSingle(line => line == stage, result.OutputLines);
    }

    [TestMethod]
    [DataRow("--plain")]
    [DataRow("--notebook")]
    public void Fit_Plain_NeitherWhitensNorTunes(string option)
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", option)).AssertSuccess();
        Assert.IsEmpty(result.ErrorLines);
        Assert.DoesNotContain(line => line.StartsWith("Whitening", StringComparison.Ordinal)
            || line.StartsWith("Tun", StringComparison.Ordinal), result.OutputLines);
        Assert.IsInstanceOfType<KnnLandmarkTransformer>(LoadSteps(folder["model.zip"])[^1]);
    }

    [TestMethod]
    [DataRow(7, 40, "plain", "; not whitened by 7 landmarks, since that takes 8.")]
    [DataRow(9, 40, "whitened", "not tuned by 9 landmarks, since that takes 10.")]
    [DataRow(20, 29, "whitened", "not tuned by 29 non-landmark rows, since that takes 30.")]
    public void Fit_FewPhotographs_TakesTheMethodThatTheyBear(int landmarks, int nonLandmarks, string method, string why)
    {
        using var folder = new WorkFolder();
        // Four rows of each landmark, so that only what is few is missing.
        string train = folder.WriteText("mine.csv",
            "id,landmark_id\n" + string.Concat(Enumerable.Repeat(SampleFiles.Ids("train.csv")[..landmarks], 4)
            .SelectMany(ids => ids.Select((id, landmark) => $"{id},{landmark}\n"))));
        ProgramResult result = DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", nonLandmarks), "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip").AssertSuccess();
        Assert.IsEmpty(result.ErrorLines);
        string told = Assert.ContainsSingle(line => line.StartsWith($"Method: {method}; ", StringComparison.Ordinal), result.OutputLines);
        StringAssert.EndsWith(told, why);
        AssertMethod(folder["model.zip"], method == "plain" ? LandmarkMethod.Plain : LandmarkMethod.Whitened);
    }

    [TestMethod]
    public void Fit_WhiteningThatDoesHarm_LeavesItOutAndSaysWhy()
    {
        using var folder = new WorkFolder();
        List<string> train = ["id,landmark_id"], others = ["id,landmark_id"];
        var random = new Random(1);
        // What tells landmarks apart are the two strongest axes: how dark the left and the lower half are. All others are noise, which
        // whitening makes as strong.
        for (int photo = 0; photo < 120; photo++)
        {
            int landmark = photo < 80 ? photo % 10 : -1;
            double angle = landmark < 0 ? random.NextDouble() * 2 * Math.PI : landmark * 2 * Math.PI / 10;
            string id = $"{photo:x16}";
            BitmapFile.Write(folder[$"photos/{id[0]}/{id[1]}/{id[2]}/{id}.jpg"], 8, (x, y)
                => (byte)(128 + 40 * Math.Cos(angle) * (x < 4 ? 1 : -1) + 40 * Math.Sin(angle) * (y < 4 ? 1 : -1) + random.Next(-12, 13)));
            (landmark < 0 ? others : train).Add($"{id},{landmark}");
        }

        string[] arguments = ["fit", "--train", folder.WriteText("train.csv", string.Join('\n', train)), "--non-landmarks",
            folder.WriteText("valid.csv", string.Join('\n', others)),
            "--images", "photos", "--network", SampleFiles.FastNetwork, "--output", "model.zip"];
        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();
        Match why = Regex.Match(Assert.ContainsSingle(line => line.StartsWith("Method: ", StringComparison.Ordinal), result.OutputLines),
            @"^Method: plain; cross-validated GAP of whitened (0\.\d{4}), of plain (0\.\d{4})\.$");
        Assert.IsTrue(why.Success);
        Assert.IsLessThan(double.Parse(why.Groups[2].Value, CultureInfo.InvariantCulture),
            double.Parse(why.Groups[1].Value, CultureInfo.InvariantCulture));
        AssertMethod(folder["model.zip"], LandmarkMethod.Plain);
    }

    [TestMethod]
    public void Fit_NothingToWhiten_SaysSoAndGoesOnWithout()
    {
        using var folder = new WorkFolder();
        string id = SampleFiles.Ids("train.csv")[0];
        string train = folder.WriteText("mine.csv",
            "id,landmark_id\n" + string.Concat(Enumerable.Range(1, 8).Select(landmark => $"{id},{landmark}\n"))),
            others = folder.WriteText("others.csv", "id,landmark_id\n" + string.Concat(Enumerable.Repeat($"{id},-1\n", 33)));
        ProgramResult result = DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip").AssertSuccess();
        Assert.Contains("warning: Not whitened; landmarks are learned from the embeddings as they are. There is nothing to whiten: all "
            + "rows (41) have the same features in 'Features', but for their length. Add rows that differ.", result.ErrorLines);
        Assert.Contains("Method: plain; there is nothing to whiten.", result.OutputLines);
        AssertMethod(folder["model.zip"], LandmarkMethod.Plain);
        ProgramResult predict = DemoProgram.Run(folder, "predict", "--model", "model.zip", SampleFiles.Photo(id)).AssertSuccess();
        // Nothing tells the photograph from the non-landmarks.
        StringAssert.Contains(predict.Output, $"{id}.jpg: no landmark, false alarm p 1.0000; the best guess is 1, score ");
    }

    [TestMethod]
    [DataRow("--plain")]
    [DataRow()]
    public void Fit_DeadNetwork_SaysSo(params string[] method)
    {
        using var folder = new WorkFolder();
        string[] arguments = ["--image-size", "8", .. method];
        ProgramResult zeros = DemoProgram.Run(folder,
            SampleFiles.FitArgumentsOf(SampleFiles.Network("zeros"), folder, "model.zip", arguments));
        Assert.AreEqual(1, zeros.ExitCode);
        StringAssert.StartsWith(zeros.ErrorLines[0],
            "warning: 18 rows have features that are all 0, whose cosine is undefined, and are left out. ");
        StringAssert.StartsWith(zeros.ErrorLines[1], "error: No row names a landmark: ");

        ProgramResult alike = DemoProgram.Run(folder,
            SampleFiles.FitArgumentsOf(SampleFiles.Network("alike"), folder, "model.zip", arguments)).AssertSuccess();
        Assert.Contains("warning: All rows (18) have the same features, but for their length, so that none is nearer to a query than "
            + "another. Look at what they show, and where they are many, at the network.", alike.ErrorLines);
        Assert.ContainsSingle(line => line.StartsWith("Method: plain", StringComparison.Ordinal), alike.OutputLines);
    }

    [TestMethod]
    public void Fit_NetworkWithImageSizeInItsMetadata_TakesIt()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 2), "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", 2), "--images", SampleFiles.Images, "--network", DemoProgram.Network];
        DemoProgram.Run(folder, [.. arguments, "--output", "by-default.zip"]).AssertSuccess();
        DemoProgram.Run(folder, [.. arguments, "--output", "by-option.zip", "--image-size", "320"]).AssertSuccess();
        DemoProgram.Run(folder, [.. arguments, "--output", "other.zip", "--image-size", "64"]).AssertSuccess();
        CollectionAssert.AreEqual(Landmarks("by-option.zip"), Landmarks("by-default.zip"));
        CollectionAssert.AreNotEqual(Landmarks("by-option.zip"), Landmarks("other.zip"));

        byte[] Landmarks(string model)
        {
            using ZipArchive zip = ZipFile.OpenRead(folder[model]);
            using Stream stream = zip.Entries.Single(e => e.Name == "Landmarks").Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    [TestMethod]
    public void Fit_SeveralImageSizes_TakesTheMeanThatTheLibraryTakes()
    {
        using var folder = new WorkFolder();
        string train = SampleFiles.WriteRows(folder, "train.csv", 3), others = SampleFiles.WriteRows(folder, "valid.csv", 3);
        DemoProgram.Run(folder, "fit", "--plain", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images,
            "--network", DemoProgram.Network, "--image-size", "64", "32", "--output", "model.zip").AssertSuccess();

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images),
            new LandmarkSource(others, SampleFiles.Images));
        ImageEmbeddingTransformer expected =
            ml.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "ImagePath",
                ModelFile = DemoProgram.Network,
                ImageSizes = [64, 32],
                Preparation = new ImagePreparationOptions { DecodeScaling = DecodeScaling.Fast },
            }).Fit(rows);
        ITransformer[] steps = [.. (IEnumerable<ITransformer>)ml.Model.Load(folder["model.zip"], out _)];
        Assert.HasCount(2, steps);
        float[][] embeddings = Embeddings(steps[0]);
        foreach ((float[] of, float[] found) in Embeddings(expected).Zip(embeddings))
            CollectionAssert.AreEqual(of, found);

        string[] arguments = ["predict", "--model", "model.zip", SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), "no.jpg"];
        DemoProgram.Run(folder, arguments).AssertError(1, "'no.jpg' does not exist.");
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();
        Assert.Contains("no.jpg: unreadable", skipped.OutputLines);
        Assert.AreEqual("warning: 1 photograph could not be read and became a missing row. The first: 'no.jpg' does not exist.",
            Assert.ContainsSingle(skipped.MessageLines));

        float[][] Embeddings(ITransformer step) => [.. step.Transform(rows).GetColumn<float[]>("Features")];
    }

    [TestMethod]
    [DataRow("8")]
    [DataRow("8", "16")]
    public void Fit_OptionsOfTheNetwork_EmbedAsTheLibraryDoes(params string[] sizes)
    {
        using var folder = new WorkFolder();
        string train = SampleFiles.WriteRows(folder, "train.csv", 3), others = SampleFiles.WriteRows(folder, "valid.csv", 3),
            network = SampleFiles.Network("two_outputs");
        string[] arguments = ["fit", "--plain", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
            network, "--output", "model.zip", "--image-size", .. sizes];
        DemoProgram.Run(folder, arguments).AssertError(1,
            "The network's outputs are [means [batch, 3], negated [batch, 3]]. Name one of them by --network-output.");
        DemoProgram.Run(folder, [.. arguments, "--network-input", "input", "--network-output", "negated", "--mean", "-1", "0", "0.25",
            "--std", "0.5", "--average-mirror", "--batch-size", "2"]).AssertSuccess();

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images),
            new LandmarkSource(others, SampleFiles.Images));
        ImageEmbeddingTransformer expected = ml.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = network,
            ModelOutputName = "negated",
            AverageMirror = true,
            ImageSizes = [.. sizes.Select(int.Parse)],
            Preparation = new ImagePreparationOptions
            {
                Mean = [-1, 0, 0.25f],
                Std = [0.5f, 0.5f, 0.5f],
                DecodeScaling = DecodeScaling.Fast,
            },
        }).Fit(rows);
        var steps = (IEnumerable<ITransformer>)ml.Model.Load(folder["model.zip"], out _);
        float[][] embeddings = [.. new TransformerChain<ITransformer>([.. steps.SkipLast(1)])
            .Transform(rows).GetColumn<float[]>("Features")];
        foreach ((float[] of, float[] found) in expected.Transform(rows).GetColumn<float[]>("Features").Zip(embeddings))
            CollectionAssert.AreEqual(of, sizes.Length == 1 ? Unit(found) : found);

        // In double precision, rounded where the library rounds.
        static float[] Unit(float[] values)
        {
            double length = Math.Sqrt(values.Sum(v => (double)v * v));
            return [.. values.Select(v => (float)(v / length))];
        }
    }

    [TestMethod]
    public void Fit_SeveralImageSizesAndAnUnreadablePhotograph_FailsOrSkipsIt()
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv", $"id,landmark_id\nabcdef,1\n{SampleFiles.Ids("train.csv")[0]},2\n");
        string[] arguments = ["fit", "--train", train, "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 2), "--images",
            SampleFiles.Images, "--network", DemoProgram.Network, "--image-size", "32", "64", "--output", "model.zip"];
        string missing = $"Row 0: '{SampleFiles.Photo("abcdef")}' does not exist.";

        DemoProgram.Run(folder, arguments).AssertError(1, missing);
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();
        Assert.Contains($"warning: 1 photograph could not be read and became a missing row. The first: {missing}", skipped.ErrorLines);
        DemoProgram.Run(folder, "predict", "--model", "model.zip", "no.jpg").AssertError(1, "'no.jpg' does not exist.");
    }

    [TestMethod]
    public void Fit_ImageSizeOtherThanTheFixedOne_IsAWrongArgument()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--image-size", "16"))
            .AssertError(2, "--image-size is 16, but the network takes images of 8 pixels alone. Leave the option out.");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--image-size", "8", "16"))
            .AssertError(2, "--image-size is 16, but the network takes images of 8 pixels alone. Leave the option out.");
        folder.AssertFiles("train.csv", "valid.csv");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--image-size", "8")).AssertSuccess();
    }

    [TestMethod]
    public void Fit_ImageSizeThatIsSaidToBeFreeAndIsNot_IsAWrongArgumentBeforeTheFirstPhotograph()
    {
        using var folder = new WorkFolder();
        string network = SampleFiles.Network("positions");
        ProgramResult refused = DemoProgram.Run(folder,
            SampleFiles.FitArgumentsOf(network, folder, "model.zip", "--image-size", "64", "40"));
        Assert.AreEqual(2, refused.ExitCode);
        Assert.AreEqual("", refused.Output);
        StringAssert.StartsWith(Assert.ContainsSingle(refused.ErrorLines),
            $"error: '{network}' can't be run on an image of 40 x 40 pixels. Name a size that it takes by --image-size. ONNX Runtime "
            + "says: ");
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "model.zip", "--image-size", "64")).AssertSuccess();
    }

    [TestMethod]
    public void Fit_NetworkThatOnnxRuntimeWarnsOf_SaysSoOnceInTheProgramsOwnWords()
    {
        using var folder = new WorkFolder();
        string network = SampleFiles.Network("unused_weights");
        ProgramResult result = DemoProgram.Run(folder,
            SampleFiles.FitArgumentsOf(network, folder, "model.zip", "--plain", "--image-size", "8", "16")).AssertSuccess();
        Assert.AreEqual($"warning: ONNX Runtime, '{network}': Removing initializer 'left over'. It is not used by any node and should be "
            + "removed from the model.", Assert.ContainsSingle(result.ErrorLines));
        Assert.AreEqual("warning: ONNX Runtime, The network in the model: Removing initializer 'left over'. It is not used by any node "
            + "and should be removed from the model.",
            Assert.ContainsSingle(DemoProgram.Run(folder, "predict", "--model", "model.zip",
                SampleFiles.Photo(SampleFiles.Ids("train.csv")[0])).AssertSuccess().MessageLines));
    }

    [TestMethod]
    public void Fit_NetworkOfOtherImagesThanSquares_IsRefused()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(SampleFiles.Network("not_square"), folder, "model.zip")).AssertError(1,
            "The network takes images of 8 x 16 pixels, and photographs are prepared as squares. Export it for squares.");
    }

    [TestMethod]
    public void Fit_LandmarksAmongTheNonLandmarks_LeavesThemOutAndSaysSo()
    {
        using var folder = new WorkFolder();
        string others = folder.WriteText("others.csv",
            $"landmark_id,url,id\n-1,x,{SampleFiles.Ids("valid.csv")[0]}\n7,y,{SampleFiles.Ids("train.csv")[0]}\n");
        ProgramResult result = DemoProgram.Run(folder, "fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 3), "--non-landmarks",
            others,
            "--train-images", SampleFiles.Images, "--non-landmark-images", SampleFiles.Images, "--network", SampleFiles.FastNetwork,
                "--output", "model.zip").AssertSuccess();
        Assert.Contains($"Left out 1 row of {others}: not labelled -1.", result.OutputLines);
        StringAssert.Contains(result.OutputLines[^1], "3 landmark rows and 1 non-landmark row in ");
    }

    [TestMethod]
    public void Fit_FolderOfEachLandmark_WritesAModelThatNamesThem()
    {
        using var folder = new WorkFolder("mit Umlaut ü");
        string[] landmarks = SampleFiles.Ids("train.csv"), others = SampleFiles.Ids("valid.csv");
        Copy("Eiffel Tower", landmarks[0]);
        Copy("Big Ben", landmarks[1]);
        Copy("no landmark", others[0], others[1]);

        ProgramResult fit = DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "no landmark", "--network",
            SampleFiles.FastNetwork, "--output", "model.zip", "--neighbors", "1").AssertSuccess();
        ProgramResult predict = DemoProgram.Run(folder, "predict", "--model", "model.zip", SampleFiles.Photo(landmarks[1])).AssertSuccess();

        StringAssert.Contains(fit.OutputLines[^1], ": 2 landmark rows and 2 non-landmark rows in ");
        Assert.IsTrue(predict.OutputLines.Any(line => line.Contains("Big Ben", StringComparison.Ordinal)));
        Assert.IsTrue(predict.OutputLines.Any(line => line.Contains($"Big Ben/{landmarks[1]}.jpg", StringComparison.Ordinal)));

        void Copy(string landmark, params string[] ids)
        {
            Directory.CreateDirectory(folder[$"photos/{landmark}"]);
            foreach (string id in ids)
                File.Copy(SampleFiles.Photo(id), folder[$"photos/{landmark}/{id}.jpg"]);
        }
    }

    [TestMethod]
    public void Fit_FoldersInThoseOfLandmarks_TakesThemAndTellsWhatIsLeftOut()
    {
        using var folder = new WorkFolder();
        string[] landmarks = SampleFiles.Ids("train.csv"), others = SampleFiles.Ids("valid.csv");
        Copy("Eiffel Tower/2019/summer", landmarks[0]);
        Copy("Big Ben", landmarks[1]);
        Copy("ha\u0308user", others[0], others[1]);
        Copy("#recycle", others[2]);
        Copy(".", landmarks[2]);
        Directory.CreateDirectory(folder["photos/Empty"]);

        ProgramResult fit = DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "h\u00e4user",
            "--network", SampleFiles.FastNetwork, "--output", "photos/model.zip").AssertSuccess();

        StringAssert.Contains(fit.OutputLines[^1], ": 2 landmark rows and 2 non-landmark rows in ");
        Assert.Contains($"warning: Left out of 'photos': photographs beside the folders of landmarks: 1 ('{landmarks[2]}.jpg'); recycle "
            + "bins and folders of systems: 1 ('#recycle'); "
            + "folders without a photograph: 1 ('Empty'). To take what shows a landmark, move it into the folder of that landmark, or "
            + "rename it. Put photographs into the folders of landmarks that have none.", fit.ErrorLines);

        void Copy(string landmark, params string[] ids)
        {
            Directory.CreateDirectory(folder[$"photos/{landmark}"]);
            foreach (string id in ids)
                File.Copy(SampleFiles.Photo(id), folder[$"photos/{landmark}/{id}.jpg"]);
        }
    }

    [TestMethod]
    public void Fit_FoldersWithoutPhotographs_Fails()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["photos/Eiffel Tower"]);
        Directory.CreateDirectory(folder["photos/none"]);
        string[] arguments = ["fit", "--train-folders", "photos", "--network", SampleFiles.FastNetwork, "--output", "model.zip",
            "--non-landmark-folder"];

        DemoProgram.Run(folder, [.. arguments, "none"]).AssertError(1, "There is no photograph in the folders of 'photos'.");
        DemoProgram.Run(folder, [.. arguments, "other"]).AssertError(1,
            "'photos' has no folder 'other'; it has [Eiffel Tower, none]. Name the one with the photographs that show no landmark.");
    }

    [TestMethod]
    public void Fit_PerLandmark_TakesTheFirstPhotographsOfEach()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        string train = folder.WriteText("mine.csv", $"id,landmark_id\n{ids[0]},1\n{ids[1]},1\n{ids[2]},2\n");
        ProgramResult result = DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", 2), "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip", "--per-landmark", "1").AssertSuccess();
        StringAssert.Contains(result.OutputLines[^1], ": 2 landmark rows and 2 non-landmark rows in ");
    }

    [TestMethod]
    public void Fit_UnreadablePhotograph_FailsOrSkipsIt()
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv", $"id,landmark_id\nabcdef,1\n{SampleFiles.Ids("train.csv")[0]},2\n");
        string[] arguments = ["fit", "--train", train, "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 2), "--images",
            SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--output", "model.zip"];
        string missing = $"Row 0: '{SampleFiles.Photo("abcdef")}' does not exist.";

        DemoProgram.Run(folder, arguments).AssertError(1, missing);
        folder.AssertFiles("mine.csv", "valid.csv");
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();
        Assert.Contains($"warning: 1 photograph could not be read and became a missing row. The first: {missing}", skipped.ErrorLines);
        folder.AssertFiles("mine.csv", "valid.csv", "model.zip");
    }

    [TestMethod]
    public void Fit_Gpu_FailsUnlessTheCpuMayTakeItsPlace()
    {
        using var folder = new WorkFolder();
        ProgramResult refused = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--gpu", "99"));
        Assert.AreEqual(1, refused.ExitCode);
        Assert.AreEqual("error: GPU 99: this program is built for the CPU. Build it with -p:LandmarksCuda=true. Or let the CPU take its "
            + "place by --fallback-to-cpu.", Assert.ContainsSingle(refused.ErrorLines));
        ProgramResult replaced = DemoProgram.Run(folder,
            SampleFiles.FitArguments(folder, "model.zip", "--plain", "--gpu", "99", "--fallback-to-cpu")).AssertSuccess();
        AssertWarnings(replaced);
        AssertWarnings(DemoProgram.Run(folder,
            SampleFiles.FitArgumentsOf(SampleFiles.Network("means"), folder, "model.zip", "--plain", "--image-size", "8", "16", "--gpu",
            "99", "--fallback-to-cpu")));

        // The network and the search, once each.
        static void AssertWarnings(ProgramResult result)
        {
            Assert.AreEqual("warning: GPU 99: the native ONNX Runtime is that for the CPU. Build this program with -p:LandmarksCuda=true. "
                + "The CPU takes its place.", result.AssertSuccess().ErrorLines[0]);
            Assert.HasCount(2, result.ErrorLines);
            StringAssert.StartsWith(result.ErrorLines[1], "warning: GPU 99: ");
        }
    }

    [TestMethod]
    public void Fit_FolderOfAnotherAlphabetWithBlanks_Works()
    {
        using var folder = new WorkFolder("Orte [dim] мира 地標");
        ProgramResult result = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "mein Modell é.zip")).AssertSuccess();
        StringAssert.StartsWith(result.OutputLines[^1], $"Wrote {folder["mein Modell é.zip"]}: ");
        folder.AssertFiles("train.csv", "valid.csv", "mein Modell é.zip");
    }

    [TestMethod]
    public void Fit_FailureOverAnOlderModel_KeepsIt()
    {
        using var folder = new WorkFolder();
        string model = folder.WriteText("model.zip", "older"), broken = folder.WriteText("broken.csv", "id,landmark_id\nabcdef,seven\n");
        DemoProgram.Run(folder, "fit", "--train", broken, "--non-landmarks", broken, "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--output", model)
            .AssertError(1, $"'{broken}', line 2: the label 'seven' is no whole number from -2147483648 to 2147483647; -1 is a "
            + "non-landmark.");
        folder.AssertFiles("model.zip", "broken.csv");
        Assert.AreEqual("older", File.ReadAllText(model));
    }

    [TestMethod]
    public void Fit_NothingToFitTo_SaysWhatIsMissing()
    {
        using var folder = new WorkFolder();
        string landmarks = SampleFiles.WriteRows(folder, "train.csv", 2), none = SampleFiles.WriteRows(folder, "valid.csv", 2);
        string empty = folder.WriteText("empty.csv", "id,landmark_id\n");
        Fit(empty, none).AssertError(1, $"'{empty}' has no row below its header.");
        Fit(none, none).AssertError(1, $"'{none}' names no landmark: every row is labelled -1 or has no label.");
        Fit(landmarks, landmarks).AssertError(1, $"'{landmarks}' has no row labelled -1, so there is nothing to tell landmarks from.");

        ProgramResult Fit(string train, string nonLandmarks)
            => DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks", nonLandmarks, "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip");
    }

    [TestMethod]
    public void Fit_MissingFilesAndFolders_NamesThem()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, "fit", "--train", "no.csv", "--non-landmarks", "no.csv", "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--output", "model.zip").AssertError(1, "'no.csv' does not exist.");
        DemoProgram.Run(folder, "fit", "--train", "no.csv", "--non-landmarks", "no.csv", "--images", "no-images", "--network",
            SampleFiles.FastNetwork, "--output", "model.zip").AssertError(1, "The folder 'no-images' does not exist.");
        DemoProgram.Run(folder, "fit", "--train", "no.csv", "--non-landmarks", "no.csv", "--images", SampleFiles.Images, "--network",
            "no.onnx", "--output", "model.zip").AssertError(1, "The network 'no.onnx' does not exist.");
        DemoProgram.Run(folder, "fit", "--train", "no.csv", "--non-landmarks", "no.csv", "--images", SampleFiles.FastNetwork,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip")
            .AssertError(1, $"'{SampleFiles.FastNetwork}' is a file; name a folder.");
        Directory.CreateDirectory(folder["folder"]);
        DemoProgram.Run(folder, "fit", "--train", "folder", "--non-landmarks", "no.csv", "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--output", "model.zip").AssertError(1, "'folder' is a folder; name a file in it.");
        DemoProgram.Run(folder, "fit", "--train", "no.csv", "--non-landmarks", "no.csv", "--images", SampleFiles.Images, "--network",
            "folder", "--output", "model.zip").AssertError(1, "The network 'folder' is a folder; name a file in it.");
        Directory.Delete(folder["folder"]);
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "no/model.zip")).AssertError(1,
            $"The folder '{folder["no"]}' does not exist.");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, folder.FullPath)).AssertError(1,
            $"'{folder.FullPath}' is a folder; name a file in it.");
        folder.AssertFiles("train.csv", "valid.csv");
    }

    private static void AssertMethod(string model, LandmarkMethod method)
    {
        var landmarks = (LandmarkRecognizingTransformer)LoadSteps(model)[^1];
        Assert.AreEqual(method, landmarks.Method);
        Assert.AreEqual((1.0, 1.0, 1.0), (landmarks.TrainingPenaltyWeight, landmarks.QueryPenaltyWeight, landmarks.SimilarityExponent));
    }

    private static ITransformer[] LoadSteps(string model)
        => [.. (IEnumerable<ITransformer>)new MLContext().Model.Load(model, out _)];

    private sealed class PhotographBytes
    {
        public byte[] ImagePath { get; set; } = [];
    }

    private sealed class PhotographAnswer
    {
        public int PredictedLabel { get; set; }
    }
}
