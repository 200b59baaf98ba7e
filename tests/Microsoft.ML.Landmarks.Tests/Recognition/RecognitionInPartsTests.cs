using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

/// <summary>RecognizeLandmarks, whose penalties several processes have found.</summary>
[TestClass]
public sealed class RecognitionInPartsTests
{
    private const int Dimension = 19;

    private readonly MLContext _mlContext = new(seed: 1);


    [TestMethod]
    [DataRow(null, LandmarkMethod.WhitenedTuned, 120, 0.05, true)]
    [DataRow(null, LandmarkMethod.WhitenedTuned, 40, 0.05, false)]
    [DataRow(null, LandmarkMethod.Whitened, 15, 0.05, null)]
    [DataRow(null, LandmarkMethod.WhitenedTuned, 60, null, null)]
    [DataRow(LandmarkMethod.Plain, LandmarkMethod.Plain, 120, 0.05, true)]
    [DataRow(LandmarkMethod.NoPenalties, LandmarkMethod.NoPenalties, 40, 0.05, false)]
    [DataRow(LandmarkMethod.Whitened, LandmarkMethod.Whitened, 4, null, null)]
    [DataRow(LandmarkMethod.WhitenedNoPenalties, LandmarkMethod.WhitenedNoPenalties, 60, 0.05, true)]
    [DataRow(LandmarkMethod.WhitenedTuned, LandmarkMethod.WhitenedTuned, 60, 0.05, true)]
    public void Fit_PenaltiesOfShards_GivesTheBytesOfAFit(
        LandmarkMethod? method, LandmarkMethod expected, int nonLandmarks, double? rate, bool? isProved)
    {
        foreach ((double smoothing, int shards) in ((double, int)[])[(0, 3), (0.5, 1), (0, 7), (0.5, 2)])
        {
            LandmarkRecognizingTransformer step = AssertSame(Rows(nonLandmarks, seed: shards), shards, penalties => new()
            {
                Method = method,
                IdColumnName = "Id",
                SameLandmarkSmoothing = smoothing,
                FalseAlarmRate = rate,
                AllowNoVerdict = true,
                Penalties = penalties,
            });

            Assert.AreEqual((expected, isProved), (step.Method, step.FalseAlarmCount > 0 ? step.FalseAlarmsAreProved : null));
        }
    }

    [TestMethod]
    public void Fit_PenaltiesWhereRowsAreBestAsTheyAre_GivesTheBytesOfAFit() => Assert.AreEqual(LandmarkMethod.Plain,
        AssertSame(FeatureView.Hard(260, Dimension, seed: 3, landmarks: 4), shards: 3, penalties => new()
        {
            IdColumnName = "Id",
            FalseAlarmRate = 0.1,
            Penalties = penalties,
        }).Method);

    [TestMethod]
    [DataRow(LandmarkMethod.Plain)]
    [DataRow(LandmarkMethod.WhitenedTuned)]
    public void Fit_PenaltiesOfHardRows_GivesTheBytesOfAFit(LandmarkMethod method)
        => AssertSame(FeatureView.Hard(260, Dimension, seed: 4), shards: 7, penalties => new()
        {
            Method = method,
            IdColumnName = "Id",
            NumberOfTrainingPenaltyNeighbors = 3,
            FalseAlarmRate = 0.1,
            UnknownLandmarkRate = 0.5,
            Names = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = "3", Name = "Tower" } }),
            Penalties = penalties,
        });

    [TestMethod]
    public void Fit_RowsThatAreAllAlike_TakesPenaltiesOfPlainRows()
    {
        LabeledRow[] rows = Rows(60, seed: 1);
        foreach (LabeledRow row in rows)
            row.Features = [.. Enumerable.Repeat(1f, Dimension)];

        Assert.AreEqual(LandmarkMethod.Plain,
            AssertSame(rows, shards: 2, penalties => new() { IdColumnName = "Id", Penalties = penalties }).Method);
    }

    [TestMethod]
    public void FitAllMethods_Penalties_GivesTheBytesOfEach()
    {
        IDataView view = View(Rows(60, seed: 1));
        LandmarkRecognizingEstimator.Options options = new() { IdColumnName = "Id" };
        LandmarkPenalty[] penalties = [.. _mlContext.Transforms.RecognizeLandmarks(options).FindPenalties(view, default)];

        foreach ((LandmarkRecognizingTransformer expected, LandmarkRecognizingTransformer actual)
            in _mlContext.Transforms.RecognizeLandmarks(options).FitAllMethods(view).Zip(_mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { IdColumnName = "Id", Penalties = penalties }).FitAllMethods(view)))
            ModelFiles.AssertSame(_mlContext, view, expected, actual);
    }

    [TestMethod]
    [DataRow(null, true, true)]
    [DataRow(LandmarkMethod.Plain, true, false)]
    [DataRow(LandmarkMethod.NoPenalties, true, false)]
    [DataRow(LandmarkMethod.Whitened, false, true)]
    [DataRow(LandmarkMethod.WhitenedTuned, false, true)]
    public void FindPenalties_Method_SaysOfWhichRows(LandmarkMethod? method, bool plain, bool whitened)
    {
        var told = new Told();
        LandmarkPenalty[] penalties = [.. _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = method,
            IdColumnName = "Id",
            FitProgress = told,
        }).FindPenalties(View(Rows(60, seed: 1)), new LandmarkShard(2, 3))];

        int own = Rows(60, seed: 1).Count(row => row.Label >= 0 && new LandmarkShard(2, 3).Holds(row.Id));
        Assert.IsInRange(1, 69, own);
        CollectionAssert.AreEqual(
            Enumerable.Repeat(false, plain ? own : 0).Concat(Enumerable.Repeat(true, whitened ? own : 0)).ToArray(),
            penalties.Select(penalty => penalty.OfWhitenedRows).ToArray());
        Assert.AreEqual((plain, whitened), (told.Reports.Contains(("Penalties, plain", own, own)),
            told.Reports.Contains(("Penalties, whitened", own, own))));
        Assert.IsEmpty(told.Reports.Where(report => report.Work.StartsWith("Cross-validation", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_PenaltiesOfTheOtherRows_SaysWhichAreNeeded()
    {
        IDataView view = View(Rows(60, seed: 1));
        LandmarkPenalty[] plain = [.. Find(new() { IdColumnName = "Id", Method = LandmarkMethod.Plain })];

        Assert.AreEqual("70 landmark rows have no penalty among the 0 that are given, the first is row 0. Give those of all shards, of "
            + "rows as they are where the method does not whiten them, and of whitened rows where it does.", Refuse(plain));
        // Those of whitened rows are others.
        Assert.StartsWith("The penalty of landmark row 0 says that its cosine to non-landmark ",
            Refuse([.. plain.Select(penalty => penalty with { OfWhitenedRows = true })]));
        // With a verdict, non-landmarks are held out, and not learned from.
        Assert.StartsWith("The penalty of landmark row 0 ",
            Refuse([.. Find(new() { IdColumnName = "Id", Method = LandmarkMethod.Whitened, FalseAlarmRate = null })]));
        Assert.AreEqual("One of the penalties is null, or its lists are. Give those that FindPenalties finds of the rows that are fitted, "
            + "in their order, with the same options.", Refuse([null!]));

        IEnumerable<LandmarkPenalty> Find(LandmarkRecognizingEstimator.Options options)
            => _mlContext.Transforms.RecognizeLandmarks(options).FindPenalties(view, default);

        string Refuse(LandmarkPenalty[] penalties) => Assert.ThrowsExactly<InvalidOperationException>(()
            => _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
            {
                Method = LandmarkMethod.Whitened,
                Penalties = penalties,
            }).Fit(view)).Message;
    }

    [TestMethod]
    public void FindPenalties_WithoutWhatFitNeeds_SaysSo()
    {
        IDataView view = View(Rows(60, seed: 1));
        Assert.AreEqual("Rows fall into shards by their ids, and no column of them is named. Set IdColumnName.",
            Assert.ThrowsExactly<InvalidOperationException>(()
                => _mlContext.Transforms.RecognizeLandmarks().FindPenalties(view, default)).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Transforms.RecognizeLandmarks().FindPenalties(null!, default));
        Assert.AreEqual("The landmark '3' has two names, 'Tower' and 'Spire'. Give it one of them.", Refuse(view, new()
        {
            IdColumnName = "Id",
            Names = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = "3", Name = "Tower" }, new { Label = "3", Name = "Spire" } }),
        }));
        Assert.StartsWith("15 rows are non-landmarks, and FalseAlarmRate = 0.05 takes 19",
            Refuse(View(Rows(15, seed: 1)), new() { IdColumnName = "Id" }));

        string Refuse(IDataView rows, LandmarkRecognizingEstimator.Options options)
            => Assert.ThrowsExactly<InvalidOperationException>(()
                => _mlContext.Transforms.RecognizeLandmarks(options).FindPenalties(rows, default).ToArray()).Message;
    }

    [TestMethod]
    public void FindPenalties_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var told = new Told { Act = report => { if (report.Work == "Penalties, plain") cancellation.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            IdColumnName = "Id",
            FitProgress = told,
            CancellationToken = cancellation.Token,
        }).FindPenalties(View(Rows(60, seed: 1)), default).ToArray());
    }

    private LandmarkRecognizingTransformer AssertSame(
        LabeledRow[] rows, int shards, Func<IEnumerable<LandmarkPenalty>?, LandmarkRecognizingEstimator.Options> options)
    {
        IDataView view = View(rows);
        LandmarkRecognizingTransformer expected = _mlContext.Transforms.RecognizeLandmarks(options(null)).Fit(view);

        LandmarkPenalty[] penalties = [.. Shards.Of(shards)
            .SelectMany(shard => _mlContext.Transforms.RecognizeLandmarks(options(null)).FindPenalties(view, shard))];
        LandmarkRecognizingTransformer actual = _mlContext.Transforms.RecognizeLandmarks(options(penalties)).Fit(view);

        ModelFiles.AssertSame(_mlContext, view, expected, actual);
        return actual;
    }

    // 70 of 14 landmarks, which differ along a few axes of which little varies: whitening helps.
    private static LabeledRow[] Rows(int nonLandmarks, int seed)
    {
        Random directions = new(7), random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, 14).Select(_ => Vector(directions, 1))];
        LabeledRow[] rows =
        [
            .. Enumerable.Range(0, 70).Select(i => Row(i / 5, i,
                [.. centers[i / 5].Zip(Vector(random, 0.5f), (center, value) => center + value)])),
            .. Enumerable.Range(0, nonLandmarks).Select(i => Row(-1, 70 + i, Vector(random, 1))),
        ];
        random.Shuffle(rows);
        return rows;

        LabeledRow Row(int label, int number, float[] features)
        {
            features[0] += 2 * (2 * random.NextSingle() - 1);
            features[1] += 2 * (2 * random.NextSingle() - 1);
            return new LabeledRow { Id = $"row{number}", Label = label, Features = features };
        }

        static float[] Vector(Random random, float length)
            => [.. Enumerable.Range(0, Dimension).Select(_ => length * (2 * random.NextSingle() - 1))];
    }

    private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, rows, Dimension);

    private sealed class Told : IProgress<LandmarkFitProgress>
    {
        public List<(string Work, long Done, long Total)> Reports { get; } = [];

        public Action<LandmarkFitProgress>? Act { get; init; }

        public void Report(LandmarkFitProgress value)
        {
            Reports.Add((value.Work, value.Done, value.Total));
            Act?.Invoke(value);
        }
    }
}
