using CsCheck;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Voting.Tuning;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests.Voting.Tuning;

[TestClass]
public sealed class KnnLandmarkTuningTests
{
    [TestMethod]
    public void Fit_RandomRows_ChoosesWhatThePlainReferenceDoes()
        => Gen.Select(Gen.Int[30, 60], Gen.Int[1, 20], Gen.Int[2, 12], Gen.Int[1, 12],
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 12]), Gen.Int[1, 4], Gen.Int[0, 1_000_000]).Sample(
            (landmarkRows, nonLandmarkRows, labels, dimension, counts, kind, seed)
                => AssertSameAsReference(RandomRows(landmarkRows, nonLandmarkRows, labels, dimension, kind, seed), counts.Item1,
                counts.Item2, counts.Item3),
            iter: 150, seed: "0N0XIzNsQ0O2");

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    public void Fit_FewNonLandmarks_ChoosesWhatThePlainReferenceDoes(int nonLandmarkRows)
    {
        for (int seed = 0; seed < 5; seed++)
            AssertSameAsReference(RandomRows(40, nonLandmarkRows, 6, 6, kind: 1 + seed % 4, seed), 5, 5, 10);
    }

    [TestMethod]
    public void Fit_MoreNeighborsThanRows_ChoosesWhatThePlainReferenceDoes()
    {
        AssertSameAsReference(RandomRows(31, 9, 3, 5, kind: 1, seed: 1), 100, 100, 100);
        AssertSameAsReference(RandomRows(31, 9, 3, 5, kind: 2, seed: 2), 31, 9, 9);
        AssertSameAsReference(RandomRows(31, 9, 3, 5, kind: 2, seed: 3), 30, 8, 8);
        AssertSameAsReference(RandomRows(31, 9, 3, 5, kind: 3, seed: 4), int.MaxValue, int.MaxValue, int.MaxValue);
    }

    [TestMethod]
    public void Add_ManyNonLandmarks_LeavesOutEachAsFewDo()
    {
        // More than are added up anew for each; eighths, whose sums are exact in any order.
        const int Count = 300;
        var options = new KnnLandmarkEstimator.Options
        {
            NumberOfTrainingPenaltyNeighbors = int.MaxValue,
            Tuning = new KnnLandmarkTuning(),
        };
        var queries = new LeaveOneOutQueries(options.LeaveOneOut!, new int[40], Count);
        NonLandmarkNeighbor[] nearest = [.. Enumerable.Range(0, Count).Select(i => new NonLandmarkNeighbor(i, (Count - i) / 8.0))];

        queries.Add(0, nearest);

        Assert.AreEqual(Count, queries.NeighborCount);
        for (int i = 0; i < queries.NonLandmarks.Length; i++)
        {
            double mean = nearest.Where(n => n.Row != queries.NonLandmarks[i]).Average(n => n.Cosine);
            Assert.AreEqual(new PenaltyChange(0, nearest[queries.NonLandmarks[i]].Cosine, mean), queries.Changes[i].Single());
        }
    }

    [TestMethod]
    public void Fit_EqualRows_AreToldApartByTheirNumbers()
    {
        // Each row four times, under one label or several, as landmark and as non-landmark.
        LabeledRow[] few = RandomRows(12, 0, 3, 4, kind: 1, seed: 5);
        LabeledRow[] rows = [.. Enumerable.Range(0, 60)
            .Select(i => new LabeledRow { Label = i % 5 == 4 ? -1 : i % 3, Features = few[i % 12].Features })];
        AssertSameAsReference(rows, 5, 5, 10);
        AssertSameAsReference(rows, 3, 2, 1);
    }

    [TestMethod]
    public void Fit_RefittedThroughThePublicApi_ChoosesTheSame()
    {
        LabeledRow[] rows = RandomRows(30, 6, 5, 5, kind: 1, seed: 6);
        var mlContext = new MLContext();
        int[] queries = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Label < 0 || rows.Count(r => r.Label == rows[i].Label) > 1)
            .OrderBy(i => rows[i].Label < 0)];
        string[] ids = [.. queries.Select((_, place) => $"{place:d4}")];
        IDataView truth = mlContext.Data.LoadFromEnumerable(
            queries.Select((i, place) => new TruthRow { Id = ids[place], Label = rows[i].Label }));
        List<(double Gap, double Distance, (double, double, double) Setting)> grid = [];
        foreach (double trainingWeight in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            foreach (double queryWeight in (double[])[0, 0.5, 1, 2, 3, 5])
            {
                foreach (double exponent in (double[])[1, 2, 4, 8])
                {
                    var options = new KnnLandmarkEstimator.Options
                    {
                        TrainingPenaltyWeight = trainingWeight,
                        QueryPenaltyWeight = queryWeight,
                        SimilarityExponent = exponent
                    };
                    IEnumerable<AnswerRow> answers = queries.Select((row, place) =>
                    {
                        IDataView predictions = mlContext.Transforms.KnnLandmark(options)
                            .Fit(View(mlContext, rows.Where((_, i) => i != row))).Transform(View(mlContext, [rows[row]]));
                        return new AnswerRow
                        {
                            Id = ids[place],
                            PredictedLabel = predictions.Values<int>("PredictedLabel")[0],
                            Score = predictions.Values<float>("Score")[0]
                        };
                    });
                    double gap = mlContext.Data.EvaluateLandmarks(mlContext.Data.LoadFromEnumerable(answers.ToArray()),
                        truth).GlobalAveragePrecision;
                    grid.Add((gap, Math.Abs(trainingWeight - 1) + Math.Abs(queryWeight - 1) + Math.Abs(exponent - 1),
                        (trainingWeight, queryWeight, exponent)));
                }
            }
        }

        KnnLandmarkTransformer tuned =
            mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() })
            .Fit(View(mlContext, rows));

        (double Gap, double Distance, (double, double, double) Setting) best =
            grid.OrderByDescending(g => g.Gap).ThenBy(g => g.Distance).First();
        Assert.AreEqual(best.Setting, Chosen(tuned));
        Assert.AreEqual(best.Gap, tuned.TuningResult!.EstimatedGlobalAveragePrecision);
    }

    [TestMethod]
    public void Fit_MoreRowsThanQueries_SamplesBothKindsAndAnswersThemByAllRows()
    {
        LabeledRow[] rows = RandomRows(150, 50, 9, 8, kind: 1, seed: 7);
        var options = new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning { MaximumNumberOfQueries = 120 } };
        var reference = new LeaveOneOutReference(rows, 5, 5, 10);
        int[] labels = [.. rows.Where(r => r.Label >= 0).Select(r => r.Label)];
        var queries = new LeaveOneOutQueries(options.LeaveOneOut!, labels, 50);

        KnnLandmarkTransformer tuned = Fit(rows, options);

        Assert.AreEqual((90, 30), (tuned.TuningResult!.QueryCount, tuned.TuningResult.NonLandmarkQueryCount));
        CollectionAssert.IsSubsetOf(queries.Landmarks, reference.LandmarkQueries);
        CollectionAssert.AreEqual(queries.Landmarks.Distinct().Order().ToArray(), queries.Landmarks);
        Assert.AreEqual(reference.Choose(queries.Landmarks, queries.NonLandmarks),
            (Chosen(tuned), tuned.TuningResult.EstimatedGlobalAveragePrecision, tuned.TuningResult.PlainGlobalAveragePrecision));
    }

    [TestMethod]
    [DataRow(5_000, 10, 90, 10)]
    [DataRow(10, 5_000, 10, 90)]
    [DataRow(50, 5_000, 30, 70)]
    [DataRow(5_000, 50, 70, 30)]
    [DataRow(4_000, 6_000, 40, 60)]
    [DataRow(60, 40, 60, 40)]
    public void LeaveOneOutQueries_LimitOf100_KeepsEnoughOfEachKind(int landmarks, int nonLandmarks, int expectedLandmarks,
        int expectedNonLandmarks)
    {
        var queries = new LeaveOneOutQueries(
            new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning { MaximumNumberOfQueries = 100 } }.LeaveOneOut!,
            new int[landmarks], nonLandmarks);

        Assert.AreEqual((expectedLandmarks, expectedNonLandmarks), (queries.Landmarks.Length, queries.NonLandmarks.Length));
    }

    [TestMethod]
    [DataRow(2_000, 1_000)]
    [DataRow(1_000, 2_000)]
    public void LeaveOneOutQueries_FewRows_AsksThemAll(int landmarks, int nonLandmarks)
    {
        var queries = new LeaveOneOutQueries(new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() }.LeaveOneOut!,
            new int[landmarks], nonLandmarks);

        Assert.AreEqual((landmarks, nonLandmarks), (queries.Landmarks.Length, queries.NonLandmarks.Length));
    }

    [TestMethod]
    [DataRow(20_000, 5_000)]
    [DataRow(20_000, 100_000)]
    [DataRow(375_000, 117_000)]
    public void LeaveOneOutQueries_ManyRows_NeedLessThanHalfOfTheComparisonsOfFit(int landmarks, int nonLandmarks)
    {
        var queries = new LeaveOneOutQueries(new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() }.LeaveOneOut!,
            new int[landmarks], nonLandmarks);

        double comparisons = 5.0 * landmarks * (queries.Landmarks.Length + queries.NonLandmarks.Length) + (double)nonLandmarks
            * queries.NonLandmarks.Length;
        Assert.IsLessThan(0.5 * landmarks * nonLandmarks, comparisons);
        Assert.IsGreaterThan(0.2 * landmarks * nonLandmarks, comparisons);
        Assert.AreEqual((double)landmarks / nonLandmarks, (double)queries.Landmarks.Length / queries.NonLandmarks.Length,
            0.05 * landmarks / nonLandmarks);
    }

    [TestMethod]
    public void Fit_NumberOfThreads_DoesNotChangeTheChoice()
    {
        LabeledRow[] rows = RandomRows(300, 100, 20, 16, kind: 1, seed: 8);
        object expected = Describe(1);

        Assert.AreEqual(expected, Describe(null));
        Assert.AreEqual(expected, Describe(3));
        object Describe(int? threads)
        {
            KnnLandmarkTransformer tuned =
                Fit(rows, new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning(), MaxDegreeOfParallelism = threads });
            return (Chosen(tuned), tuned.TuningResult!.EstimatedGlobalAveragePrecision, tuned.TuningResult.PlainGlobalAveragePrecision);
        }
    }

    [TestMethod]
    public void Fit_AllRowsAnsweredRightByEverySetting_KeepsThePlainOnes()
    {
        // Landmarks far from each other, and non-landmarks far from all.
        LabeledRow[] rows = [.. Enumerable.Range(0, 40)
            .Select(i
            => new LabeledRow { Label = i % 5 == 4 ? -1 : i % 5,
            Features = [.. Enumerable.Range(0, 5).Select(j => j == i % 5 ? 1 : i / 1000f)] })];
        foreach (LabeledRow row in rows.Where(r => r.Label < 0))
            row.Features[4] = -1;

        KnnLandmarkTransformer tuned = Fit(rows, new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() });

        Assert.AreEqual(((1.0, 1.0, 1.0), 1.0), (Chosen(tuned), tuned.TuningResult!.EstimatedGlobalAveragePrecision));
    }

    [TestMethod]
    public void Fit_WeightsThatAreSet_AreOverruled()
    {
        LabeledRow[] rows = RandomRows(60, 20, 6, 6, kind: 1, seed: 9);

        KnnLandmarkTransformer expected = Fit(rows, new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() });
        KnnLandmarkTransformer tuned =
            Fit(rows, new KnnLandmarkEstimator.Options
            {
                Tuning = new KnnLandmarkTuning(),
                TrainingPenaltyWeight = 7,
                QueryPenaltyWeight = 8,
                SimilarityExponent = 9,
                QueryExpansion = 2
            });

        Assert.AreEqual(Chosen(expected), Chosen(tuned));
        Assert.AreEqual(expected.TuningResult!.EstimatedGlobalAveragePrecision, tuned.TuningResult!.EstimatedGlobalAveragePrecision);
    }

    [TestMethod]
    public void Transform_Tuned_EqualsTheSameWeightsSetAndIsSaved()
    {
        var mlContext = new MLContext();
        LabeledRow[] rows = RandomRows(60, 20, 6, 6, kind: 1, seed: 10);
        IDataView queries = View(mlContext, RandomRows(30, 0, 6, 6, kind: 1, seed: 11));
        KnnLandmarkTransformer tuned = Fit(rows, new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() });
        Assert.AreNotEqual((1.0, 1.0, 1.0), Chosen(tuned), "Tuning changed nothing, so nothing is tested.");
        var options = new KnnLandmarkEstimator.Options
        {
            TrainingPenaltyWeight = tuned.TrainingPenaltyWeight,
            QueryPenaltyWeight = tuned.QueryPenaltyWeight,
            SimilarityExponent = tuned.SimilarityExponent
        };
        using var stream = new MemoryStream();
        mlContext.Model.Save(tuned, queries.Schema, stream);

        float[] scores = tuned.Transform(queries).Values<float>("Score");
        var reloaded = (KnnLandmarkTransformer)mlContext.Model.Load(stream, out _);

        CollectionAssert.AreEqual(Fit(rows, options).Transform(queries).Values<float>("Score"), scores);
        CollectionAssert.AreEqual(scores, reloaded.Transform(queries).Values<float>("Score"));
        Assert.AreEqual(Chosen(tuned), Chosen(reloaded));
        Assert.IsNull(reloaded.TuningResult);
    }

    [TestMethod]
    public void Fit_FewerThan30Queries_KeepsThePlainOnesAndSaysSo()
    {
        // Rows alone with their label are no queries.
        LabeledRow[] rows = [.. RandomRows(29, 10, 2, 4, kind: 1, seed: 12), .. Enumerable.Range(100, 50)
            .Select(label => new LabeledRow { Label = label, Features = [1, 2, 3, label] })];
        const string Expected = "Not tuned, since 29 training rows share their label with another and at least 30 are needed: the weights "
            + "and the exponent are 1. Add rows of the same landmarks, or set them yourself.";

        (KnnLandmarkTransformer transformer, List<string> warnings, _) =
            FitAndListen(rows, new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning(), QueryPenaltyWeight = 3 });

        CollectionAssert.AreEqual(new[] { Expected }, warnings);
        AssertNotTuned(transformer, 29, 10, Expected);
    }

    [TestMethod]
    public void Fit_Exactly30Queries_Tunes()
        => Assert.IsNull(Fit(RandomRows(30, 10, 2, 4, kind: 1, seed: 12),
        new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() }).TuningResult!.ReasonNotTuned);

    [TestMethod]
    public void Fit_NoNonLandmarks_KeepsThePlainOnesAndSaysSo()
    {
        const string Expected = "Not tuned, since there is no non-landmark row: the weights and the exponent are 1. Add non-landmark "
            + "rows, or set them yourself.";

        (KnnLandmarkTransformer transformer, List<string> warnings, _) =
            FitAndListen(RandomRows(50, 0, 5, 4, kind: 1, seed: 13),
            new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning(), AllowNoNonLandmarks = true });

        CollectionAssert.AreEqual(new[] { Expected }, warnings);
        AssertNotTuned(transformer, 50, 0, Expected);
    }

    [TestMethod]
    public void Fit_Tuned_LogsTheChoiceAndItsEstimate()
    {
        (KnnLandmarkTransformer transformer, List<string> warnings, List<string> infos) =
            FitAndListen(RandomRows(60, 20, 6, 6, kind: 1, seed: 10),
            new KnnLandmarkEstimator.Options { Tuning = new KnnLandmarkTuning() });

        Assert.IsEmpty(warnings);
        KnnLandmarkTuningResult result = transformer.TuningResult!;
        string weights = FormattableString.Invariant(
                $"TrainingPenaltyWeight {transformer.TrainingPenaltyWeight}, QueryPenaltyWeight {transformer.QueryPenaltyWeight}"),
            exponent = FormattableString.Invariant($"SimilarityExponent {transformer.SimilarityExponent}"),
            tuned = FormattableString.Invariant($"{result.EstimatedGlobalAveragePrecision:F4}"),
            plain = FormattableString.Invariant($"{result.PlainGlobalAveragePrecision:F4}");
        CollectionAssert.Contains(infos, $"Tuned on 60 training rows and 20 non-landmark rows: {weights}, {exponent}; "
            + $"estimated GAP {tuned}, with 1, 1, 1 {plain}.");
    }

    [TestMethod]
    public void Fit_NoTuning_HasNoResultAndTheWeightsThatAreSet()
    {
        KnnLandmarkTransformer transformer =
            Fit(RandomRows(40, 10, 4, 4, kind: 1, seed: 14),
            new KnnLandmarkEstimator.Options { TrainingPenaltyWeight = 0.5, QueryPenaltyWeight = 2, SimilarityExponent = 3 });

        Assert.IsNull(transformer.TuningResult);
        Assert.AreEqual((0.5, 2.0, 3.0), Chosen(transformer));
    }

    [TestMethod]
    public void Fit_Progress_RisesTo1()
    {
        List<double> shares = [];
        var rowsDone = new List<long>();
        LabeledRow[] rows = RandomRows(60, 20, 6, 6, kind: 1, seed: 15);

        Fit(rows, new KnnLandmarkEstimator.Options
        {
            Tuning = new KnnLandmarkTuning { Progress = new Listener<double>(shares.Add) },
            Progress = new Listener<long>(rowsDone.Add)
        });

        Assert.AreEqual(60, rowsDone[^1]);
        Assert.AreEqual(1, shares[^1]);
        CollectionAssert.AreEqual(shares.Order().Distinct().ToArray(), shares);
    }

    [TestMethod]
    public void Fit_CancelledWhileItTunes_Throws()
    {
        using var source = new CancellationTokenSource();
        var options = new KnnLandmarkEstimator.Options
        {
            Tuning =
            new KnnLandmarkTuning { Progress = new Listener<double>(share => { if (share > 0.5) source.Cancel(); }) },
            CancellationToken = source.Token
        };

        Assert.Throws<OperationCanceledException>(() => Fit(RandomRows(60, 20, 6, 6, kind: 1, seed: 16), options));
    }

    [TestMethod]
    public void MaximumNumberOfQueries_Below100_Throws()
    {
        ArgumentOutOfRangeException error =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KnnLandmarkTuning { MaximumNumberOfQueries = 99 });

        Assert.AreEqual("MaximumNumberOfQueries", error.ParamName);
    }

    private static void AssertSameAsReference(LabeledRow[] rows, int k, int trainingPenaltyCount, int queryPenaltyCount)
    {
        var reference = new LeaveOneOutReference(rows, k, trainingPenaltyCount, queryPenaltyCount);
        KnnLandmarkTransformer tuned = Fit(rows, new KnnLandmarkEstimator.Options
        {
            NumberOfNeighbors = k,
            NumberOfTrainingPenaltyNeighbors = trainingPenaltyCount,
            NumberOfQueryPenaltyNeighbors = queryPenaltyCount,
            Tuning = new KnnLandmarkTuning(),
        });

        Assert.AreEqual((reference.LandmarkQueries.Length, reference.NonLandmarkQueries.Length),
            (tuned.TuningResult!.QueryCount, tuned.TuningResult.NonLandmarkQueryCount));
        if (reference.LandmarkQueries.Length < 30)
            Assert.IsNotNull(tuned.TuningResult.ReasonNotTuned);
        else
            Assert.AreEqual(reference.Choose(reference.LandmarkQueries, reference.NonLandmarkQueries),
            (Chosen(tuned), tuned.TuningResult.EstimatedGlobalAveragePrecision, tuned.TuningResult.PlainGlobalAveragePrecision));
    }

    private static void AssertNotTuned(KnnLandmarkTransformer transformer, int queries, int nonLandmarkQueries, string reason)
    {
        Assert.AreEqual((1.0, 1.0, 1.0), Chosen(transformer));
        KnnLandmarkTuningResult result = transformer.TuningResult!;
        Assert.AreEqual((queries, nonLandmarkQueries, reason), (result.QueryCount, result.NonLandmarkQueryCount, result.ReasonNotTuned));
        Assert.IsNull(result.EstimatedGlobalAveragePrecision);
        Assert.IsNull(result.PlainGlobalAveragePrecision);
    }

    /// <summary>
    /// Rows around a center for each label, non-landmarks around none, in a mixed order. Kinds: 1 plain; 2 values of -1, 0 and 1, so that
    /// many cosines are equal; 3 most rows twice or more; 4 many labels with a single row.
    /// </summary>
    private static LabeledRow[] RandomRows(int landmarkRows, int nonLandmarkRows, int labels, int dimension, int kind, int seed)
    {
        var random = new Random(seed);
        float[][] centers = [.. Enumerable.Range(0, labels).Select(_ => Values(1))];
        LabeledRow[] rows = [.. Enumerable.Range(0, landmarkRows + nonLandmarkRows).Select(i =>
        {
            int label = i >= landmarkRows ? -1 : kind == 4 && random.Next(4) == 0 ? 1000 + i : i % labels;
            float[] values = Values(0.8f);
            if (label is >= 0 and < 1000)
                values = [.. values.Select((v, j) => v + centers[label][j])];
            if (kind == 2)
                values = [.. values.Select(v => MathF.Round(v))];
            // Rows of zeros would be left out.
            if (!values.Any(v => v != 0))
                values[0] = 1;
            return new LabeledRow { Label = label, Features = values };
        })];
        for (int i = 0; kind == 3 && i < rows.Length; i++)
            rows[i].Features = rows[random.Next(rows.Length / 2 + 1)].Features;
        random.Shuffle(rows);
        return rows;

        float[] Values(float size) => [.. Enumerable.Range(0, dimension).Select(_ => size * (2 * random.NextSingle() - 0.8f))];
    }

    private static (double, double, double) Chosen(KnnLandmarkTransformer transformer)
        => (transformer.TrainingPenaltyWeight, transformer.QueryPenaltyWeight, transformer.SimilarityExponent);

    private static IDataView View(MLContext mlContext, IEnumerable<LabeledRow> rows)
        => FeatureView.Create(mlContext, rows, rows.First().Features.Length);

    private static KnnLandmarkTransformer Fit(LabeledRow[] rows, KnnLandmarkEstimator.Options options)
        => FitAndListen(rows, options).Transformer;

    private static (KnnLandmarkTransformer Transformer, List<string> Warnings, List<string> Infos) FitAndListen(LabeledRow[] rows,
        KnnLandmarkEstimator.Options options)
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings(), infos = [];
        mlContext.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Info)
                infos.Add(e.RawMessage);
        };
        return (mlContext.Transforms.KnnLandmark(options).Fit(View(mlContext, rows)), warnings, infos);
    }

    private sealed class Listener<T>(Action<T> listen) : IProgress<T>
    {
        public void Report(T value) => listen(value);
    }

    private sealed class TruthRow
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }
    }

    private sealed class AnswerRow
    {
        public string Id { get; set; } = "";

        public int PredictedLabel { get; set; }

        public float Score { get; set; }
    }
}
