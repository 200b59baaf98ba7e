using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition.Calibration;

/// <summary>What becomes of a verdict where rows come and go.</summary>
[TestClass]
public sealed class ChangedVerdictTests
{
    private const int Dimension = 24;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>
    /// Many models that are changed many times, non-landmarks included; photographs of nothing that none of them has seen are answered at
    /// the stated rate. A verdict that stays as it was when landmarks came would promise too much.
    /// </summary>
    [TestMethod]
    public void Change_ManyTimes_KeepsTheStatedRateWhereTheVerdictOfBeforeFails()
    {
        const int Models = 25, Asked = 200;
        int answered = 0, answeredAsBefore = 0;
        for (int seed = 0; seed < Models; seed++)
        {
            LandmarkRecognizingTransformer model = Fit(Rows(8, 2, 60, seed: 100 + seed), LandmarkMethod.Whitened, rate: 0.1);
            VerdictCalibration before = model.Model.Verdict!.Calibration;
            for (int change = 0; change < 4; change++)
            {
                // Landmarks that the model did not know, more of those that it knows, and more of nothing.
                LabeledRow[] added = [.. Rows(16, 2, 9, seed: 9_000 + 10 * seed + change, firstLandmark: 8 * change)];
                model = model.With(View(added)).Without(Ids(added.Where(row => row.Label >= 0).Take(3).Concat(added.TakeLast(2))));
            }

            model = Reload(model);
            IDataView nothing = View(Rows(0, 0, Asked, seed: 50_000 + seed));
            answered += model.Transform(nothing).Values<bool>("IsLandmark").Count(verdict => verdict);
            var old = new Verdict(before, model.Model.Verdict!.Rates);
            answeredAsBefore += model.Model.Landmarks.JudgedBy(old, model.Model.Columns).Transform(Whiten(model, nothing))
                .Values<bool>("IsLandmark").Count(verdict => verdict);
            Assert.IsTrue(model.FalseAlarmsAreProved);
            Assert.IsInRange(26, 32, model.FalseAlarmCount);
        }

        // The rate of a model of n held-out rows has the distribution Beta(k, n + 1 - k), k = 0.1 (n + 1) rounded down, whose mean is at
        // most 0.1 and whose variance is at most that of Beta(2, 25). Three standard deviations of the mean of so many; the seeds are
        // fixed.
        double most = 0.1 + 3 * Math.Sqrt((2.0 * 25 / (27 * 27 * 28) + 0.1 * 0.9 / Asked) / Models);
        Assert.IsLessThan(most, answered / (double)(Models * Asked));
        Assert.IsGreaterThan(most, answeredAsBefore / (double)(Models * Asked));
    }

    [TestMethod]
    public void Change_VerdictByFolds_IsThatOfAFitToTheRows()
    {
        LabeledRow[] first = Rows(12, 5, 40), added = Rows(13, 2, 6, seed: 2), replaced = Rows(3, 1, 2, seed: 3);
        (replaced[0].Id, replaced[3].Id) = (first[4].Id, first[^1].Id);
        LandmarkRecognizingTransformer model = Fit(first, LandmarkMethod.Whitened, rate: 0.05);
        List<LabeledRow> rows = [.. first];

        Assert.IsFalse(model.FalseAlarmsAreProved);
        rows.AddRange(added);
        AssertSameVerdict(rows, model = model.With(View(added)));
        string[] gone = [rows[7].Id, rows[80].Id, rows[^1].Id, rows[100].Id];
        rows.RemoveAll(row => gone.Contains(row.Id));
        AssertSameVerdict(rows, model = Reload(model).Without(gone));
        rows.RemoveAll(row => replaced.Any(other => other.Id == row.Id));
        rows.AddRange(replaced);
        AssertSameVerdict(rows, model = model.With(View(replaced), replace: true));
        rows.RemoveAll(row => row.Label is 102 or 112);
        AssertSameVerdict(rows, Reload(model).WithoutLandmarks(["102", "112"]));

        void AssertSameVerdict(IEnumerable<LabeledRow> expected, LandmarkRecognizingTransformer changed)
        {
            VerdictCalibration fitted = Fit(expected, LandmarkMethod.Whitened, rate: 0.05).Model.Verdict!.Calibration,
                actual = changed.Model.Verdict!.Calibration;
            CollectionAssert.AreEqual(fitted.FalseAlarms.Ascending.ToArray(), actual.FalseAlarms.Ascending.ToArray());
            CollectionAssert.AreEqual(fitted.UnknownLandmarks.Ascending.ToArray(), actual.UnknownLandmarks.Ascending.ToArray());
            CollectionAssert.AreEqual(fitted.RightAnswers.Ascending.ToArray(), actual.RightAnswers.Ascending.ToArray());
            Assert.AreEqual((false, false), (fitted.AreProved, actual.AreProved));
        }
    }

    /// <summary>The model has learned from all of them: to hold out a third of them then would prove nothing.</summary>
    [TestMethod]
    public void With_EnoughNonLandmarksForAThird_StaysAVerdictByFolds()
    {
        LandmarkRecognizingTransformer model = Fit(Rows(8, 2, 30), LandmarkMethod.Plain, rate: 0.05);

        LandmarkRecognizingTransformer changed = model.With(View(Rows(0, 0, 40, seed: 2)));

        Assert.AreEqual((70, 70, false), (changed.FalseAlarmCount, changed.NonLandmarkRowCount, changed.FalseAlarmsAreProved));
    }

    [TestMethod]
    public void Without_TooFewLeftToJudgeBy_SaysWhatToDo()
    {
        LabeledRow[] rows = Rows(8, 2, 57), few = Rows(8, 2, 20);
        LandmarkRecognizingTransformer proved = Fit(rows, LandmarkMethod.Plain, rate: 0.05), folds = Fit(few, LandmarkMethod.Plain, 0.05);
        string[] heldOut = [.. rows[16..].Where((_, i) => i % 3 == 2).Select(row => row.Id)], others = Ids(few[16..18]);

        Assert.AreEqual("18 photographs of nothing would be left to judge by, and FalseAlarmRate = 0.05 takes 19. Leave more in, or, "
            + "before that, add others or ask for 0.0527 or more.", Message(() => proved.Without(heldOut[..1])));
        Assert.AreEqual("1 photograph of nothing would be left to judge by, and FalseAlarmRate = 0.05 takes 19. Leave more in, or, before "
            + "that, add others.", Message(() => proved.Without(heldOut[..18])));
        Assert.AreEqual("18 photographs of nothing would be left to judge by, and FalseAlarmRate = 0.05 takes 19. Leave more in, or, "
            + "before that, add others or ask for 0.0527 or more.", Message(() => folds.Without(others)));
        // What is said to be possible is, and rates stay as they are asked for.
        proved.FalseAlarmRate = folds.FalseAlarmRate = 0.0527;
        Assert.AreEqual((0.0527, 18), (proved.Without(heldOut[..1]).FalseAlarmRate, folds.Without(others).FalseAlarmCount));
    }

    [TestMethod]
    public void Change_RatesThatWereChanged_Stay()
    {
        LandmarkRecognizingTransformer model = Reload(Fit(Rows(12, 6, 120), LandmarkMethod.Plain, rate: 0.05));
        model.FalseAlarmRate = 0.2;
        model.FalseAlarmConfidence = 0.75;
        model.UnknownLandmarkRate = 0.5;

        foreach (LandmarkRecognizingTransformer changed in (LandmarkRecognizingTransformer[])
            [model.With(View(Rows(2, 1, 1, seed: 2))), model.Without(["1 of 1"]), Reload(model.WithoutLandmarks(["103"]))])
        {
            Assert.AreEqual((0.2, 0.75, 0.5), (changed.FalseAlarmRate, changed.FalseAlarmConfidence, changed.UnknownLandmarkRate));
            changed.FalseAlarmRate = 0.3;
        }

        // Each has rates of its own.
        Assert.AreEqual(0.2, model.FalseAlarmRate);
    }

    [TestMethod]
    public void With_ModelThatKeptNoHeldOutRows_PromisesNothingAnyMore()
    {
        LandmarkRecognizingTransformer model = Single(_mlContext.Model.Load(TestFiles.Golden("models", "recognition-format1.zip"), out _));
        List<string> warnings = _mlContext.CollectWarnings();
        LabeledRow[] added = FeatureView.Random(6, 6, seed: 3);

        LandmarkRecognizingTransformer changed = model.With(FeatureView.Create(_mlContext, added, 6)), again = Reload(changed)
            .Without([added[0].Id]);

        Assert.AreEqual("The model was saved by a version that did not keep the photographs of nothing by which answers are judged. They "
            + "are judged by the scores of before the change, and the rate is no promise any more. Fit anew for one.", warnings[0]);
        foreach (LandmarkRecognizingTransformer other in (LandmarkRecognizingTransformer[])[changed, again])
        {
            Assert.AreEqual((model.FalseAlarmRate, model.FalseAlarmCount, false),
                (other.FalseAlarmRate, other.FalseAlarmCount, other.FalseAlarmsAreProved));
        }

        Assert.IsTrue(model.FalseAlarmsAreProved);
        // All new ones are learned from: none can be held out beside those that are not there.
        Assert.AreEqual(model.NonLandmarkRowCount + added.Count(row => row.Label < 0), changed.NonLandmarkRowCount);
    }

    [TestMethod]
    public void With_ModelWithoutAVerdict_HoldsNothingOut()
    {
        LandmarkRecognizingTransformer model = Fit(Rows(8, 2, 60), LandmarkMethod.Plain, rate: null).With(View(Rows(2, 1, 30, seed: 2)));

        Assert.AreEqual((90, 0, null), (model.NonLandmarkRowCount, model.FalseAlarmCount, model.FalseAlarmRate));
    }

    [TestMethod]
    public void With_RowsWithoutACosine_LeavesThemOutAndSaysSo()
    {
        LandmarkRecognizingTransformer model = Fit(Rows(8, 2, 60), LandmarkMethod.Whitened, rate: 0.05);
        List<string> warnings = _mlContext.CollectWarnings();
        LabeledRow[] added = Rows(2, 1, 4, seed: 2);
        added[0].Features[3] = float.NaN;
        added[3].Features = new float[Dimension];

        LandmarkRecognizingTransformer changed = model.With(View(added));

        Assert.HasCount(2, warnings);
        Assert.AreEqual("1 row has a feature that is NaN or infinite and is left out.", warnings[0]);
        Assert.StartsWith("1 row has features that are all 0", warnings[1]);
        Assert.AreEqual((17, 42, 21), (changed.LandmarkRowCount, changed.NonLandmarkRowCount, changed.FalseAlarmCount));
    }

    [TestMethod]
    public void With_Names_AreThoseOfTheLandmarksThatThereAre()
    {
        LandmarkRecognizingTransformer model = _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = LandmarkMethod.Plain,
            IdColumnName = "Id",
            Names = Names((100, "Tower"), (101, "Bridge"), (102, "Gate")),
        }).Fit(View(Rows(8, 2, 60)));
        List<string> warnings = _mlContext.CollectWarnings();

        LandmarkRecognizingTransformer changed = Reload(model.With(View(Rows(9, 1, 1, seed: 2)), names: Names((101, "Old Bridge"),
            (108, "Castle"), (109, "Nothing")))).WithoutLandmarks(["102"]);

        Assert.AreEqual("100 Tower, 101 Old Bridge, 108 Castle", string.Join(", ", changed.Names.OrderBy(name => name.Key)
            .Select(name => $"{name.Key} {name.Value}")));
        Assert.HasCount(3, model.Names);
        Assert.IsEmpty(warnings);
        model.With(View(Rows(1, 1, 0, seed: 3)), names: Names((555, "None")));
        Assert.Contains("555", warnings.Single());
    }

    [TestMethod]
    public void Change_Ids_AreThoseOfAllRowsHeldOutToo()
    {
        LabeledRow[] rows = Rows(8, 2, 60);
        LandmarkRecognizingTransformer model = Fit(rows, LandmarkMethod.Plain, rate: 0.05);
        // The third non-landmark.
        string heldOut = rows[18].Id;
        LabeledRow[] taken = Rows(1, 1, 1, seed: 2), twice = Rows(1, 1, 1, seed: 3);
        taken[0].Id = heldOut;
        twice[1].Id = twice[0].Id;

        Assert.Contains($"'{heldOut}'", Assert.ThrowsExactly<ArgumentException>(() => model.With(View(taken))).Message);
        Assert.Contains($"'{twice[0].Id}'", Assert.ThrowsExactly<ArgumentException>(() => model.With(View(twice))).Message);
        Assert.Contains("'nobody'", Assert.ThrowsExactly<ArgumentException>(() => model.Without([heldOut, "nobody"])).Message);
        Assert.Contains("'555'", Assert.ThrowsExactly<ArgumentException>(() => model.WithoutLandmarks(["100", "555"])).Message);
        Assert.AreEqual(19, model.With(View(taken), replace: true).FalseAlarmCount);
    }

    [TestMethod]
    public void Change_OfOtherFeaturesOrLabels_Throws()
    {
        LandmarkRecognizingTransformer model = Fit(Rows(8, 2, 60), LandmarkMethod.Whitened, rate: 0.05);
        IDataView shorter = FeatureView.Create(_mlContext, FeatureView.Random(4, 6, seed: 1), 6),
            texts = _mlContext.Transforms.Conversion.ConvertType("Label", outputKind: Microsoft.ML.Data.DataKind.String)
                .Fit(View(Rows(1, 1, 0, seed: 2))).Transform(View(Rows(1, 1, 0, seed: 2)));

        Assert.Contains("expected Vector<Single, 24>, got Vector<Single, 6>",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.With(shorter)).Message);
        var counted = new CountingView(texts);
        Assert.Contains("label column 'Label': expected Int32, got String",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.With(counted)).Message);
        // Features may take hours.
        Assert.AreEqual(0, counted.Cursors);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        model.CancellationToken = cancelled.Token;
        Assert.Throws<OperationCanceledException>(() => model.With(View(Rows(1, 1, 3, seed: 2))));
    }

    [TestMethod]
    [DataRow(LandmarkMethod.WhitenedTuned, "the whitening, the weights of the vote and what the verdict estimates of unknown landmarks "
        + "and of right answers")]
    [DataRow(LandmarkMethod.Plain, "what the verdict estimates of unknown landmarks and of right answers")]
    public void With_MoreAndMoreRows_SaysWhatKnowsNothingOfThem(LandmarkMethod method, string learned)
    {
        LandmarkRecognizingTransformer model = Fit(Rows(12, 6, 60), method, rate: 0.05);
        List<string> told = [], warnings = _mlContext.CollectWarnings();
        _mlContext.Log += (_, e) => told.Add(e.RawMessage);

        model = model.With(View(Rows(10, 1, 10, seed: 2)));

        Assert.Contains($"20 of 152 rows came since Fit, without a part in {learned}.", told);
        Assert.IsEmpty(warnings);
        model.With(View(Rows(20, 1, 0, seed: 3)));
        Assert.AreEqual($"40 of 172 rows came since Fit, more than a fifth. Neighbors and penalties are those of all rows, but these had "
            + $"no part in {learned}. Fit anew.", warnings.Single());
    }

    [TestMethod]
    public void Save_ChangedModel_AnswersTheSameInAnotherProcess()
    {
        using var folder = new TemporaryFolder();
        LabeledRow[] queries = Rows(12, 2, 10, seed: 5);
        LandmarkRecognizingTransformer model = Fit(Rows(8, 3, 60), LandmarkMethod.WhitenedTuned, rate: 0.05)
            .With(View(Rows(12, 2, 7, seed: 2))).WithoutLandmarks(["101"]);
        _mlContext.Model.Save(model, View(queries).Schema, folder["model.zip"]);
        float[] values = [.. queries.SelectMany(row => row.Features)];
        File.WriteAllBytes(folder["queries.f32"], MemoryMarshal.AsBytes<float>(values).ToArray());

        (int exitCode, string[] output, string errors) = ChildProcess.Run(
            Path.Combine(TestFiles.ProgramFolder("FreshProcess"), "FreshProcess.dll"), folder["."], "model.zip", "features", "queries.f32");

        Assert.AreEqual((0, ""), (exitCode, errors));
        IDataView answers = model.Transform(View(queries));
        string[] expected = [.. answers.Values<int>("PredictedLabel").Zip(answers.Values<float>("Score"),
            (label, score) => $"{label} {BitConverter.SingleToInt32Bits(score):x8}")];
        CollectionAssert.AreEqual((string[])[.. expected, .. expected], output);
    }

    private static string Message(Action change) => Assert.ThrowsExactly<InvalidOperationException>(change).Message;

    private static string[] Ids(IEnumerable<LabeledRow> rows) => [.. rows.Select(row => row.Id)];

    private IDataView Names(params (int Label, string Name)[] names)
        => _mlContext.Data.LoadFromEnumerable(names.Select(name => new NameRow { Label = name.Label, Name = name.Name }));

    private LandmarkRecognizingTransformer Fit(IEnumerable<LabeledRow> rows, LandmarkMethod method, double? rate)
        => _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = method,
            FalseAlarmRate = rate,
            IdColumnName = "Id",
        }).Fit(View(rows));

    private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, [.. rows], Dimension);

    private IDataView Whiten(LandmarkRecognizingTransformer model, IDataView rows) => new WhiteningTransformer(
        _mlContext, "Features", "Features", model.Model.Whitening!, model.Model.Lineage).Transform(rows);

    private LandmarkRecognizingTransformer Reload(LandmarkRecognizingTransformer model)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, inputSchema: null, stream);
        return Single(_mlContext.Model.Load(stream, out _));
    }

    private static LandmarkRecognizingTransformer Single(ITransformer model)
        => (LandmarkRecognizingTransformer)(model is IEnumerable<ITransformer> chain ? chain.Single() : model);

    /// <summary>Rows of landmarks 100, 101 and so on, each around a direction of its own, then non-landmarks around none; some values vary
    /// more than others.</summary>
    private static LabeledRow[] Rows(int landmarks, int each, int nonLandmarks, int seed = 1, int firstLandmark = 0)
    {
        Random directions = new(7), random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, firstLandmark + landmarks).Select(_ => Vector(directions))];
        return
        [
            .. Enumerable.Range(0, landmarks * each).Select(i => (Number: firstLandmark + i / each, Place: i)).Select(row => Row(
                row.Place, 100 + row.Number, [.. centers[row.Number].Zip(Vector(random), (center, noise) => center + 0.7f * noise)])),
            .. Enumerable.Range(0, nonLandmarks).Select(i => Row(landmarks * each + i, -1, Vector(random))),
        ];

        LabeledRow Row(int place, int label, float[] features) => new() { Id = $"{place} of {seed}", Label = label, Features = features };

        static float[] Vector(Random random)
            => [.. Enumerable.Range(0, Dimension).Select(i => (2 * random.NextSingle() - 1) * (i < 4 ? 2 : 1))];
    }

    private sealed class NameRow
    {
        public int Label { get; set; }

        public string Name { get; set; } = "";
    }
}
