using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Recognition;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

[TestClass]
public sealed class LandmarkRecognizerTests
{
    private static readonly string[] s_names = ["alpha.png", "orientation6.jpg", "odd_301x320.jpg", "progressive.jpg"];
    private static readonly string[] s_photos = [.. s_names.Select(name => TestFiles.Golden("images", name))];

    private static string Model => TestFiles.Golden("models", "fit-chain.zip");

    [TestMethod]
    [DataRow("fit-chain")]
    [DataRow("fit-sizes-chain")]
    public void Recognize_ModelThatAnOlderFitWrote_GivesTheBitsOfThen(string name)
    {
        string[] expected = File.ReadAllLines(TestFiles.Golden("models", name + ".txt"))[1..];
        using var recognizer = LandmarkRecognizer.Load(TestFiles.Golden("models", name + ".zip"));

        IReadOnlyList<LandmarkAnswer> answers = recognizer.Recognize(s_photos.AsSpan());

        CollectionAssert.AreEqual(expected, answers.Select(Describe).ToArray());
        Assert.AreSequenceEqual(s_photos, answers.Select(answer => answer.Id));

        static string Describe(LandmarkAnswer answer)
            => $"{answer.Landmark}|{Bits(answer.Score!.Value)}|{string.Join(' ', answer.Neighbors.Select(neighbor => neighbor.Id))}"
            + $"|{string.Join(' ', answer.Neighbors.Select(neighbor => Bits(neighbor.Score)))}";

        static string Bits(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public void Recognize_OnePhotograph_TellsWhy()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);

        LandmarkAnswer answer = recognizer.Recognize(s_photos[0]);

        Assert.AreEqual((s_photos[0], "105", "105", null, null, null, null), (answer.Id, answer.Landmark, answer.Name, answer.IsLandmark,
            answer.FalseAlarmProbability, answer.UnknownLandmarkProbability, answer.Error));
        Assert.HasCount(5, answer.Neighbors);
        foreach (VotingNeighbor neighbor in answer.Neighbors)
        {
            Assert.AreEqual(neighbor.Score, neighbor.Similarity - neighbor.Penalty, 1e-6f);
            Assert.IsInRange(-1.000001f, 1.000001f, neighbor.Similarity);
        }

        // Landmarks by their votes, the prediction first.
        Assert.HasCount(5, answer.Top);
        Assert.AreEqual(answer.Landmark, answer.Top[0].Landmark);
        Assert.AreEqual(5, answer.Top.DistinctBy(candidate => candidate.Landmark).Count());
        Assert.Contains(answer.Neighbors[0].Landmark, answer.Top.Select(candidate => candidate.Landmark));
        Assert.HasCount(10, answer.NonLandmarkNeighbors);
        Assert.AreEqual(answer.NonLandmarkNeighbors.Average(neighbor => neighbor.Similarity), answer.QueryPenalty!.Value, 1e-6f);
        Assert.AreSequenceEqual(answer.NonLandmarkNeighbors.Select(neighbor => neighbor.Similarity).OrderDescending(),
            answer.NonLandmarkNeighbors.Select(neighbor => neighbor.Similarity));
    }

    [TestMethod]
    public void Recognize_PathBytesAndStream_AreOneAnswer()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);
        foreach (string photo in s_photos)
        {
            string expected = Json(recognizer.Recognize(photo) with { Id = null });
            byte[] bytes = File.ReadAllBytes(photo);
            using var stream = new MemoryStream([0, 0, 0, .. bytes]) { Position = 3 };

            Assert.AreEqual(expected, Json(recognizer.Recognize(bytes)));
            Assert.AreEqual(expected, Json(recognizer.Recognize(stream)));
            Assert.IsTrue(stream.CanRead);
        }

        // More than one group of them.
        string[] many = [.. Enumerable.Repeat(s_photos, 20).SelectMany(photos => photos)];
        string[] answers = [.. many[..4].Select(photo => Json(recognizer.Recognize(photo)))];
        string[] all = [.. Enumerable.Repeat(answers, 20).SelectMany(answer => answer)];
        CollectionAssert.AreEqual(all, recognizer.Recognize(many).Select(Json).ToArray());
        CollectionAssert.AreEqual(all, recognizer.Recognize(many.Select(photo => photo)).Select(Json).ToArray());
        Assert.IsEmpty(recognizer.Recognize([]));
    }

    [TestMethod]
    public void Recognize_BytesOfMany_AreTheAnswersOfThePaths()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);
        recognizer.BadImages = BadImageHandling.Skip;
        byte[][] files = [.. s_photos.Select(File.ReadAllBytes)];
        string[] expected = [.. s_photos.Select(photo => Json(recognizer.Recognize(photo) with { Id = null }))];
        string unreadable = Json(new LandmarkAnswer { Error = "a file of 2 bytes is not a readable image." });

        // More than one group of them.
        byte[][] many = [.. Enumerable.Repeat(files.Append([1, 2]), 20).SelectMany(each => each)];

        CollectionAssert.AreEqual(Enumerable.Repeat(expected.Append(unreadable), 20).SelectMany(each => each).ToArray(),
            recognizer.Recognize(many).Select(Json).ToArray());
        recognizer.BadImages = BadImageHandling.Throw;
        Assert.AreEqual("a file of 2 bytes is not a readable image.",
            Assert.ThrowsExactly<InvalidDataException>(() => recognizer.Recognize(many)).Message);
    }

    [TestMethod]
    public void Recognize_Cancelled_EndsInTheMidstOfAGroupAndTellsTheToken()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(Model, out DataViewSchema schema);
        using var cancellation = new CancellationTokenSource();
        ImagePreparingTransformer preparing = LandmarkSteps.Flatten(model).OfType<ImagePreparingTransformer>().Single();
        preparing.Progress = new Told(cancellation.Cancel);
        using var recognizer = new LandmarkRecognizer(mlContext, model, schema);
        byte[][] files = [.. s_photos.Select(File.ReadAllBytes)];

        OperationCanceledException error
            = Assert.ThrowsExactly<OperationCanceledException>(() => recognizer.Recognize(files, cancellation.Token));

        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        Assert.ThrowsExactly<OperationCanceledException>(() => recognizer.Recognize(files, cancellation.Token));
        preparing.Progress = null;
        Assert.HasCount(files.Length, recognizer.Recognize(files));
    }

    [TestMethod]
    public void Recognize_WhoListensToTheMeter_LearnsHowLongEachStageTakes()
    {
        var durations = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Microsoft.ML.Landmarks")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _)
            => durations.AddOrUpdate(instrument.Name, seconds, (_, sum) => sum + seconds));
        listener.Start();
        using var recognizer = LandmarkRecognizer.Load(Model);

        recognizer.Recognize(s_photos[0]);

        foreach (string stage in (string[])["decode", "network", "search"])
            Assert.IsGreaterThan(0, durations[$"landmarks.{stage}.duration"], stage);
    }

    [TestMethod]
    public void Recognize_ManyThreads_EachGetsItsOwnAnswers()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);
        recognizer.BadImages = BadImageHandling.Skip;
        string[] expected = [.. s_photos.Select(photo => Json(recognizer.Recognize(photo)))];

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            // Each thread has an unreadable photograph at another place.
            int place = i % (s_photos.Length + 1);
            string[] asked = [.. s_photos[..place], $"{i}.jpg", .. s_photos[place..]];
            string[] answers = [.. recognizer.Recognize(asked).Select(Json)];
            Assert.AreEqual(Json(new LandmarkAnswer { Id = $"{i}.jpg", Error = $"'{i}.jpg' does not exist." }), answers[place]);
            CollectionAssert.AreEqual(expected, answers.Where((_, row) => row != place).ToArray());
        });
    }

    [TestMethod]
    public void Recognize_UnreadablePhotograph_ThrowsOrIsAnAnswerWithTheReason()
    {
        using var folder = new TemporaryFolder();
        string text = folder["text.jpg"];
        File.WriteAllText(text, "text");
        using var recognizer = LandmarkRecognizer.Load(Model);
        string[] asked = [s_photos[0], text, s_photos[1], "none.jpg", s_photos[2]];
        string notAnImage = $"'{text}' is not a readable image.";
        Assert.AreEqual(BadImageHandling.Throw, recognizer.BadImages);

        Assert.AreEqual(notAnImage, Assert.ThrowsExactly<InvalidDataException>(() => recognizer.Recognize(text)).Message);
        Assert.AreEqual(notAnImage, Assert.ThrowsExactly<InvalidDataException>(() => recognizer.Recognize(asked)).Message);
        Assert.AreEqual("a file of 4 bytes is not a readable image.",
            Assert.ThrowsExactly<InvalidDataException>(() => recognizer.Recognize("text"u8.ToArray())).Message);
        Assert.AreEqual("there is no image.", Assert.ThrowsExactly<InvalidDataException>(() => recognizer.Recognize("")).Message);
        List<LandmarkAnswer> before = [];
        Assert.AreEqual(notAnImage,
            Assert.ThrowsExactly<InvalidDataException>(() => before.AddRange(recognizer.Recognize(asked.Select(a => a)))).Message);
        Assert.AreSequenceEqual(asked[..1], before.Select(answer => answer.Id));

        recognizer.BadImages = BadImageHandling.Skip;
        IReadOnlyList<LandmarkAnswer> answers = recognizer.Recognize(asked);
        Assert.AreSequenceEqual([null, notAnImage, null, "'none.jpg' does not exist.", null], answers.Select(answer => answer.Error));
        Assert.AreEqual((null, null, null, null), (answers[1].Landmark, answers[1].Name, answers[1].Score, answers[1].QueryPenalty));
        Assert.IsEmpty(answers[1].Neighbors);
        recognizer.BadImages = BadImageHandling.Throw;
        foreach (int readable in (int[])[0, 2, 4])
            Assert.AreEqual(Json(recognizer.Recognize(asked[readable])), Json(answers[readable]));
        Assert.AreEqual("BadImages is 7; it must be Throw or Skip. (Parameter 'BadImages')",
            Assert.ThrowsExactly<ArgumentException>(() => recognizer.BadImages = (BadImageHandling)7).Message);
    }

    [TestMethod]
    public void Recognize_Stream_AnswersWhileLaterPhotographsAreNotThere()
    {
        using var folder = new TemporaryFolder();
        using var recognizer = LandmarkRecognizer.Load(Model);
        int made = 0, answered = 0;

        foreach (LandmarkAnswer answer in recognizer.Recognize(Made()))
        {
            if (answered++ == 0)
                Assert.AreEqual(1, made);
            Assert.IsNotNull(answer.Landmark);
            // As many again as were answered, and never more than a group ahead.
            Assert.IsLessThanOrEqualTo(Math.Min(2 * answered, answered + 32), made);
        }

        Assert.AreEqual((100, 100), (made, answered));
        made = 0;
        Assert.HasCount(3, recognizer.Recognize(Made()).Take(3).ToArray());
        Assert.AreEqual(3, made);

        // A photograph is there once it is asked for.
        IEnumerable<string> Made()
        {
            for (made = 0; made < 100;)
            {
                string path = folder[$"{made++}.jpg"];
                File.Copy(s_photos[1], path, overwrite: true);
                yield return path;
            }
        }
    }

    [TestMethod]
    public void Recognize_NumberOfTopLandmarks_MayBeChanged()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);
        Assert.AreEqual(5, recognizer.NumberOfTopLandmarks);
        string[] five = [.. recognizer.Recognize(s_photos[0]).Top.Select(candidate => $"{candidate}")];

        recognizer.NumberOfTopLandmarks = 2;
        CollectionAssert.AreEqual(five[..2], recognizer.Recognize(s_photos[0]).Top.Select(candidate => $"{candidate}").ToArray());
        recognizer.NumberOfTopLandmarks = 0;
        Assert.IsEmpty(recognizer.Recognize(s_photos[0]).Top);
        // All that there are: no place is kept for more.
        recognizer.NumberOfTopLandmarks = int.MaxValue;
        CollectionAssert.AreEqual(five, recognizer.Recognize(s_photos[0]).Top.Take(5).Select(candidate => $"{candidate}").ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => recognizer.NumberOfTopLandmarks = -1);
    }

    [TestMethod]
    public void Recognize_Names_AreThoseOfLandmarks()
    {
        using var recognizer = LandmarkRecognizer.Load(new MLContext(), Model);
        Assert.IsEmpty(recognizer.Names);

        recognizer.Names = new Dictionary<string, string> { ["105"] = "Louvre" };

        LandmarkAnswer answer = recognizer.Recognize(s_photos[0]);
        Assert.AreEqual(("105", "Louvre", "Louvre"), (answer.Landmark, answer.Name, answer.Top[0].Name));
        Assert.AreEqual(answer.Top[1].Landmark, answer.Top[1].Name);
    }

    [TestMethod]
    public void Landmarks_Model_AreThoseThatItKnows()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);

        CollectionAssert.AreEqual(LandmarkModelInfo.Of(new MLContext().Model.Load(Model, out _)).Landmarks.ToArray(),
            recognizer.Landmarks.ToArray());
        Assert.Contains(recognizer.Recognize(s_photos[0]).Landmark, recognizer.Landmarks.Select(landmark => landmark.Label));
    }

    [TestMethod]
    public void Load_Stream_IsTheModelOfTheFile()
    {
        using var fromFile = LandmarkRecognizer.Load(Model);
        using FileStream file = File.OpenRead(Model);
        using var fromStream = LandmarkRecognizer.Load(file);
        Assert.AreEqual(Json(fromFile.Recognize(s_photos[2])), Json(fromStream.Recognize(s_photos[2])));

        // All of it, wherever it stands.
        file.Position = file.Length;
        using var fromEnd = LandmarkRecognizer.Load(file);
        Assert.AreEqual(Json(fromFile.Recognize(s_photos[2])), Json(fromEnd.Recognize(s_photos[2])));
        Assert.IsTrue(file.CanRead);
    }

    [TestMethod]
    public void Recognize_ChainOfAProgram_WhateverItsColumnsAreCalled()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Queries());
        ITransformer model = mlContext.Transforms.Conversion.MapValueToKey("Truth")
            .Append(mlContext.Transforms.CopyColumns("Copy", "File"))
            .Append(mlContext.Transforms.PrepareImages("Pixels", "Copy", imageSize: 8))
            .Append(mlContext.Transforms.EmbedImages("Embedding", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
            {
                LabelColumnName = "Truth",
                FeatureColumnName = "Embedding",
                PredictedLabelColumnName = "Guess",
                ScoreColumnName = "Confidence",
                // All that there are: no list has so many places.
                NumberOfNeighbors = int.MaxValue,
                AllowNoNonLandmarks = true,
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Guess"))
            .Append(mlContext.Transforms.Expression("Confidence", "s => s / 2", "Confidence")).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        IDataView answers = model.Transform(photos);
        string[] expected = [.. answers.Texts("Guess").Zip(answers.Values<float>("Confidence"), (guess, score) => $"{guess} {score:R}")];

        using var recognizer = LandmarkRecognizer.Load(folder["model.zip"]);
        using var ofModel = new LandmarkRecognizer(mlContext, model, photos.Schema);

        string[] files = [.. Queries().Select(query => query.File)];
        CollectionAssert.AreEqual(expected, recognizer.Recognize(files).Select(a => $"{a.Landmark} {a.Score:R}").ToArray());
        CollectionAssert.AreEqual(expected, ofModel.Recognize(files).Select(a => $"{a.Landmark} {a.Score:R}").ToArray());
        LandmarkAnswer answer = recognizer.Recognize(File.ReadAllBytes(files[0]));
        // Positions, since there are no ids; and no non-landmarks.
        Assert.AreSequenceEqual(["0", "1", "2", "3"], answer.Neighbors.Select(neighbor => neighbor.Id).Order());
        Assert.AreSequenceEqual(["l0", "l1"], answer.Top.Select(candidate => candidate.Landmark).Order());
        Assert.IsEmpty(answer.NonLandmarkNeighbors);
    }

    [TestMethod]
    public void Recognize_StockStepsForPhotographs_TakePathsAlone()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Queries());
        ITransformer model = mlContext.Transforms.LoadImages("Image", null, "File")
            .Append(mlContext.Transforms.PrepareImages("Pixels", "Image", imageSize: 8))
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
            {
                LabelColumnName = "Truth",
                AllowNoNonLandmarks = true,
            })).Fit(photos);
        using var recognizer = new LandmarkRecognizer(mlContext, model, photos.Schema);

        string[] files = [.. Queries().Select(query => query.File)];
        CollectionAssert.AreEqual(model.Transform(photos).Texts("PredictedLabel"),
            recognizer.Recognize(files).Select(answer => answer.Landmark).ToArray());
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(() => recognizer.Recognize(File.ReadAllBytes(files[0]))).Message,
            "The model takes no photograph as the bytes of a file: ");
    }

    [TestMethod]
    public void Recognize_ClassifierOfOthers_TellsLandmarkAndScore()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadFromEnumerable(Queries());
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Truth"))
            .Append(mlContext.MulticlassClassification.Trainers.NaiveBayes())
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(photos);
        IDataView predictions = model.Transform(photos);
        float[] scores = [.. predictions.Vectors("Score").Select(values => values.Max())];
        using var recognizer = new LandmarkRecognizer(mlContext, model, photos.Schema);

        IReadOnlyList<LandmarkAnswer> answers = recognizer.Recognize([.. Queries().Select(query => query.File)]);

        CollectionAssert.AreEqual(predictions.Texts("PredictedLabel"), answers.Select(answer => answer.Landmark).ToArray());
        CollectionAssert.AreEqual(scores, answers.Select(answer => answer.Score!.Value).ToArray());
        Assert.IsTrue(answers.All(a => a.Name == a.Landmark && a.Top.Count + a.Neighbors.Count == 0 && a.QueryPenalty is null));
        Assert.IsEmpty(recognizer.Landmarks);
    }

    [TestMethod]
    public void Recognize_ClassOfNonLandmarks_IsNoLandmark()
    {
        var mlContext = new MLContext(seed: 1);
        Query[] queries = [.. Queries()];
        queries[1].Truth = queries[2].Truth = queries[3].Truth = "-1";
        IDataView photos = mlContext.Data.LoadFromEnumerable(queries);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label", "Truth"))
            .Append(mlContext.MulticlassClassification.Trainers.NaiveBayes()).Fit(photos);
        using var recognizer = new LandmarkRecognizer(mlContext, model, photos.Schema);

        foreach ((LandmarkAnswer answer, int row) in recognizer.Recognize([.. queries.Select(q => q.File)]).Select((a, i) => (a, i)))
        {
            bool isNone = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(photos))
                .Transform(model.Transform(photos)).Texts("PredictedLabel")[row] == "-1";
            Assert.AreEqual((isNone ? null : "l0", isNone ? false : (bool?)null), (answer.Landmark, answer.IsLandmark));
        }
    }

    [TestMethod]
    public void Recognize_ModelWithAVerdict_TellsIt()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        Query[] rows = [.. Enumerable.Range(0, 60).Select(i => Draw(folder[$"{i}.png"], i, i < 20 ? $"l{i / 2}" : "-1"))];
        IDataView photos = mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = mlContext.Transforms.PrepareImages("Pixels", "File", imageSize: 8)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
            {
                LabelColumnName = "Truth",
                IdColumnName = "File",
                FalseAlarmRate = 0.25,
                Names = mlContext.Data.LoadFromEnumerable([new { Label = "l3", Name = "Louvre" }]),
            })).Fit(photos);
        mlContext.Model.Save(model, photos.Schema, folder["model.zip"]);
        string[] files = [.. rows.Select(row => row.File)];

        using var recognizer = LandmarkRecognizer.Load(folder["model.zip"]);

        Assert.AreEqual((0.25, null), (recognizer.FalseAlarmRate, recognizer.UnknownLandmarkRate));
        Assert.AreEqual("Louvre", recognizer.Names["l3"]);
        AssertVerdicts(0.25);
        recognizer.FalseAlarmRate = 0.75;
        AssertVerdicts(0.75);
        // 13 are held out: no rate below 1 / 14.
        Assert.ThrowsExactly<InvalidOperationException>(() => recognizer.FalseAlarmRate = 0.05);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => recognizer.FalseAlarmRate = 0);
        Assert.AreEqual(0.75, recognizer.FalseAlarmRate);
        using var without = LandmarkRecognizer.Load(Model);
        Assert.IsNull(without.FalseAlarmRate);
        Assert.ThrowsExactly<InvalidOperationException>(() => without.FalseAlarmRate = 0.05);
        Assert.ThrowsExactly<InvalidOperationException>(() => without.UnknownLandmarkRate = 0.05);

        void AssertVerdicts(double rate)
        {
            ((LandmarkRecognizingTransformer)((IEnumerable<ITransformer>)model).Last()).FalseAlarmRate = rate;
            IDataView expected = model.Transform(photos);
            IReadOnlyList<LandmarkAnswer> answers = recognizer.Recognize(files);
            CollectionAssert.AreEqual(expected.Values<bool>("IsLandmark"), answers.Select(answer => answer.IsLandmark!.Value).ToArray());
            CollectionAssert.AreEqual(expected.Values<float>("FalseAlarmProbability"),
                answers.Select(answer => answer.FalseAlarmProbability!.Value).ToArray());
            CollectionAssert.AreEqual(expected.Values<float>("Score"), answers.Select(answer => answer.Score!.Value).ToArray());
            // The best guess stays, and its name is the model's.
            Assert.IsTrue(answers.All(a => a.Landmark is not null && a.Name == (a.Landmark == "l3" ? "Louvre" : a.Landmark)));
            Assert.IsTrue(answers.Any(answer => answer.IsLandmark == false) && answers.Any(answer => answer.IsLandmark == true));
            Assert.IsTrue(answers.All(a => a.Neighbors.All(n => files.Take(20).Contains(n.Id))
                && a.NonLandmarkNeighbors.All(n => files.Skip(20).Contains(n.Id))));
        }
    }

    [TestMethod]
    public void Recognize_PhotographWithoutAnAnswer_HasTheVerdictOfTheChain()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        Query[] rows = [.. Enumerable.Range(0, 6).Select(i => Draw(folder[$"{i}.png"], i, i < 3 ? $"l{i}" : "-1"))];
        IDataView photos = mlContext.Data.LoadFromEnumerable(rows);
        ITransformer model = mlContext.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "File",
            ImageSize = 8,
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
        })
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Golden("networks", "means.onnx")))
            .Append(mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
            {
                LabelColumnName = "Truth",
                FalseAlarmRate = 0.5,
            })).Fit(photos);
        // The network makes zeros of it.
        using (var black = new SKBitmap(8, 8))
        using (FileStream stream = File.Create(folder["black.png"]))
        {
            black.Erase(SKColors.Black);
            black.Encode(stream, SKEncodedImageFormat.Png, 100);
        }

        using var recognizer = new LandmarkRecognizer(mlContext, model, photos.Schema);
        LandmarkAnswer answer = recognizer.Recognize(folder["black.png"]);

        IDataView expected = model.Transform(mlContext.Data.LoadFromEnumerable([new Query { File = folder["black.png"] }]));
        CollectionAssert.AreEqual(new[] { false }, expected.Values<bool>("IsLandmark"));
        Assert.AreEqual((null, null, null, false), (answer.Landmark, answer.Score, answer.FalseAlarmProbability, answer.IsLandmark));
    }

    [TestMethod]
    public void Load_ModelThatAnswersNoPhotographs_SaysWhy()
    {
        AssertRefused("knn-format2.zip", "The model takes no photograph: it reads ['Features' of type Vector<Single, 6>]. Save it with "
            + "the steps that make these of photographs, as PrepareImages and EmbedImages do.");
        AssertRefused("images-format1.zip", "The model gives no columns 'PredictedLabel' and 'Score' (Single), so it names no landmark. "
            + "Add a step that does, as KnnLandmark is one.");
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView texts = mlContext.Data.LoadFromEnumerable(Queries());
        ITransformer model = mlContext.Transforms.CopyColumns("PredictedLabel", "File")
            .Append(mlContext.Transforms.Text.FeaturizeText("Words", "File"))
            .Append(mlContext.Transforms.Expression("Score", "w => 1f", "File")).Fit(texts);
        Assert.AreEqual("The model takes no photograph: it reads ['File' of type String]. Save it with the steps that make these of "
            + "photographs, as PrepareImages and EmbedImages do.",
            Assert.ThrowsExactly<InvalidOperationException>(() => new LandmarkRecognizer(mlContext, model, texts.Schema)).Message);
        mlContext.Model.Save(mlContext.Model.Load(Model, out _), null, folder["bare.zip"]);
        Assert.AreEqual("The model was saved without the schema of the rows that it reads. Save it with one: Model.Save(model, "
            + "photos.Schema, …).",
            Assert.ThrowsExactly<InvalidOperationException>(() => LandmarkRecognizer.Load(folder["bare.zip"])).Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => LandmarkRecognizer.Load(folder["none.zip"]));

        static void AssertRefused(string name, string message) => Assert.AreEqual(message,
            Assert.ThrowsExactly<InvalidOperationException>(() => LandmarkRecognizer.Load(TestFiles.Golden("models", name))).Message);
    }

    [TestMethod]
    public void Recognize_PathThatIsNull_IsTheCallersMistake()
    {
        using var recognizer = LandmarkRecognizer.Load(Model);
        Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize((string)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize((byte[])null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize((Stream)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize((IEnumerable<string>)null!));
        Assert.AreEqual("A photograph is null. Name the path of each. (Parameter 'paths')",
            Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize([s_photos[0], null!])).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize((byte[][])null!));
        Assert.AreEqual("A photograph is null. Name the bytes of each. (Parameter 'photographs')",
            Assert.ThrowsExactly<ArgumentNullException>(() => recognizer.Recognize([new byte[1], null!])).Message);
    }

    [TestMethod]
    public void Dispose_NoPhotographIsAnsweredAfterwards()
    {
        var recognizer = LandmarkRecognizer.Load(Model);
        recognizer.Recognize(s_photos[0]);
        recognizer.Dispose();
        recognizer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => recognizer.Recognize(s_photos[0]));

        // A model that is at hand stays.
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(Model, out DataViewSchema schema);
        new LandmarkRecognizer(mlContext, model, schema).Dispose();
        using var another = new LandmarkRecognizer(mlContext, model, schema);
        Assert.AreEqual("105", another.Recognize(s_photos[0]).Landmark);
    }

    // Lists are compared by what they hold, numbers by all of their digits.
    private static string Json(LandmarkAnswer answer) => JsonSerializer.Serialize(answer);

    private static Query[] Queries() => [.. s_photos.Select((photo, i) => new Query { File = photo, Truth = $"l{i / 2}" })];

    private static Query Draw(string file, int seed, string truth)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(8, 8);
        for (int i = 0; i < 64; i++)
            bitmap.SetPixel(i % 8, i / 8, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        using FileStream stream = File.Create(file);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
        return new Query { File = file, Truth = truth };
    }

    private sealed class Query
    {
        public string File { get; set; } = "";

        public string Truth { get; set; } = "";
    }

    private sealed class Told(Action act) : IProgress<long>
    {
        public void Report(long value) => act();
    }
}
