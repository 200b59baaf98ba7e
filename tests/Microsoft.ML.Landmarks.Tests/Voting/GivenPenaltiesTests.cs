using System.Globalization;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>Penalties that are given to Fit and are not those that it would find, and how they are found in parts.</summary>
[TestClass]
public sealed class GivenPenaltiesTests
{
    private const int Dimension = 10;

    private const string Anew = "Give those that FindPenalties finds of the rows that are fitted, in their order, with the same options.";

    private static readonly Func<double, double>[] s_changes
        = [Math.BitIncrement, Math.BitDecrement, cosine => -cosine, _ => double.NaN];

    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void Fit_RowThatIsMissing_Throws()
    {
        const string End = "Give those of all shards, of rows as they are where the method does not whiten them, and of whitened rows "
            + "where it does.";

        Assert.AreEqual($"1 landmark row has no penalty among the 89 that are given, row 17. {End}",
            Refuse(given => given.Where(penalty => penalty.Row != 17)));
        Assert.AreEqual($"90 landmark rows have no penalty among the 0 that are given, the first is row 0. {End}", Refuse(_ => []));
        LandmarkPenalty[] ofOneShard = [.. Find(Rows(), new(2, 3))];
        Assert.StartsWith($"{90 - ofOneShard.Length} landmark rows have no penalty among the {ofOneShard.Length} that are given, the first "
            + "is row ", Refuse(_ => ofOneShard));
    }

    [TestMethod]
    public void Fit_RowThatIsThereTwice_Throws() => Assert.AreEqual(
        "The penalty of landmark row 17 is given twice. Give each shard once, and all of them of one number of shards.",
        Refuse(given => given.Append(given.Single(penalty => penalty.Row == 17))));

    [TestMethod]
    [DataRow(-1)]
    [DataRow(90)]
    [DataRow(int.MaxValue)]
    public void Fit_RowThatIsNone_Throws(int row)
        => Assert.AreEqual($"A penalty is given of landmark row {row}, and there are 90, counted from 0. {Anew}",
            Refuse(given => given.Append(given[0] with { Row = row })));

    [TestMethod]
    [DataRow(-1)]
    [DataRow(30)]
    [DataRow(int.MinValue)]
    public void Fit_NonLandmarkThatIsNone_Throws(int number) => Assert.AreEqual(
        $"The penalty of landmark row 17 names non-landmark {number}, and 30 are learned from, counted from 0. {Anew}",
        RefuseRow(17, penalty => penalty with { NonLandmarks = [.. penalty.NonLandmarks.Take(5), number] }));

    [TestMethod]
    public void Fit_FewerOrMoreNeighborsThanItFinds_Throws()
    {
        Assert.AreEqual($"The penalty of landmark row 17 names 5 non-landmarks and 6 cosines, and Fit finds 6 of each. {Anew}",
            RefuseRow(17, penalty => penalty with { NonLandmarks = [.. penalty.NonLandmarks.Take(5)] }));
        Assert.AreEqual($"The penalty of landmark row 17 names 6 non-landmarks and 0 cosines, and Fit finds 6 of each. {Anew}",
            RefuseRow(17, penalty => penalty with { Cosines = [] }));
        Assert.AreEqual($"The penalty of landmark row 0 names 5 non-landmarks and 5 cosines, and Fit finds 6 of each. {Anew}",
            Refuse(_ => Find(Rows(), new(1, 1), new() { IdColumnName = "Id", NumberOfTrainingPenaltyNeighbors = 4 })));
    }

    [TestMethod]
    public void Fit_OneBitOfACosineChanged_Throws()
    {
        for (int place = 0; place < 6; place++)
        {
            foreach (Func<double, double> change in s_changes)
            {
                int number = 0;
                double cosine = 0;
                string message = RefuseRow(17, penalty =>
                {
                    double[] cosines = [.. penalty.Cosines];
                    (number, cosine) = (penalty.NonLandmarks[place], cosines[place]);
                    cosines[place] = change(cosine);
                    return penalty with { Cosines = cosines };
                });

                Assert.AreEqual(string.Create(CultureInfo.InvariantCulture, $"The penalty of landmark row 17 says that its cosine to "
                    + $"non-landmark {number} is {change(cosine):R}, and it is {cosine:R}. {Anew}"), message);
            }
        }
    }

    [TestMethod]
    public void Fit_AnotherOrder_Throws()
    {
        string message = $"The penalty of landmark row 17 does not name the nearest non-landmark first, or of equally near ones the lower "
            + $"number. {Anew}";

        Assert.AreEqual(message, RefuseRow(17, Swap));
        // Of two that are as near, since all rows stand there twice.
        LabeledRow[] rows = Rows();
        for (int i = 60; i < 120; i++)
            (rows[i].Label, rows[i].Features) = (rows[i - 60].Label, rows[i - 60].Features);
        LandmarkPenalty equal = Find(rows, new(1, 1)).First(penalty => penalty.Cosines[0] == penalty.Cosines[1]);
        Assert.AreEqual(message.Replace("row 17", $"row {equal.Row}", StringComparison.Ordinal), RefuseRow(equal.Row, Swap, rows));
        // The same one twice.
        Assert.AreEqual(message, RefuseRow(17, penalty => penalty with
        {
            NonLandmarks = [penalty.NonLandmarks[0], .. penalty.NonLandmarks.Take(5)],
            Cosines = [penalty.Cosines[0], .. penalty.Cosines.Take(5)],
        }));

        static LandmarkPenalty Swap(LandmarkPenalty penalty) => penalty with
        {
            NonLandmarks = [penalty.NonLandmarks[1], penalty.NonLandmarks[0], .. penalty.NonLandmarks.Skip(2)],
            Cosines = [penalty.Cosines[1], penalty.Cosines[0], .. penalty.Cosines.Skip(2)],
        };
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(5)]
    public void Fit_NearerOneLeftOut_Throws(int place)
    {
        LandmarkPenalty more = Find(Rows(), new(1, 1), new() { IdColumnName = "Id", NumberOfTrainingPenaltyNeighbors = 6 })
            .Single(penalty => penalty.Row == 17);

        Assert.AreEqual($"The penalty of landmark row 17 names non-landmark {more.NonLandmarks[place + 1]}, and leaves out "
            + $"{more.NonLandmarks[place]}, which is nearer, or as near and before it. {Anew}", RefuseRow(17, _ => more with
            {
                NonLandmarks = [.. more.NonLandmarks.Where((_, i) => i != place)],
                Cosines = [.. more.Cosines.Where((_, i) => i != place)],
            }));
    }

    /// <summary>Whoever searched among fewer non-landmarks gives cosines that are right, in order: no row is wrong but for what it lacks.
    /// There are more rows than are searched for.</summary>
    [TestMethod]
    public void Fit_FoundAmongFewerNonLandmarks_Throws()
    {
        LabeledRow[] rows = FeatureView.Hard(4000, Dimension, seed: 1, landmarks: 50);
        LabeledRow[] fewer = [.. rows.Where((row, i) => row.Label >= 0 || i < 3900)];

        Assert.MatchesRegex(@"^The penalty of landmark row \d+ names non-landmark \d+, and leaves out \d+, which is nearer",
            Refuse(_ => Find(fewer, new(1, 1)), rows));
    }

    [TestMethod]
    public void Fit_FoundOfOtherRows_Throws()
    {
        LabeledRow[] others = Rows();
        LabeledRow other = others.Last(row => row.Label < 0);
        other.Features = [.. other.Features.Select(value => value + 1)];

        Assert.StartsWith("The penalty of landmark row ", Refuse(_ => Find(others, new(1, 1))));
        Assert.MatchesRegex(@"^The penalty of landmark row 0 says that its cosine to non-landmark \d+ is ",
            Refuse(_ => Find(FeatureView.Random(120, Dimension, seed: 9), new(1, 1))));
    }

    [TestMethod]
    public void Fit_NoneWherePenaltyIs_Throws()
    {
        string message = $"One of the penalties is null, or its lists are. {Anew}";

        Assert.AreEqual(message, Refuse(given => given.Append(null!)));
        Assert.AreEqual(message, RefuseRow(17, penalty => penalty with { Cosines = null! }));
        Assert.AreEqual(message, RefuseRow(17, penalty => penalty with { NonLandmarks = null! }));
    }

    /// <summary>More neighbors would take more memory than the rows do, so that Fit finds no more than make the penalty, and keeps
    /// none.</summary>
    [TestMethod]
    public void Fit_PenaltiesOfMoreNeighborsThanAreKept_GivesTheBytesOfAFit()
    {
        LabeledRow[] rows = FeatureView.Hard(3000, Dimension, seed: 12, nonLandmarksOf: 2, hasMissing: false);
        KnnLandmarkEstimator.Options With(IEnumerable<LandmarkPenalty>? penalties)
            => new() { IdColumnName = "Id", NumberOfTrainingPenaltyNeighbors = 1000, Penalties = penalties };
        using KnnLandmarkTransformer expected = _mlContext.Transforms.KnnLandmark(With(null)).Fit(View(rows));

        using KnnLandmarkTransformer actual = _mlContext.Transforms.KnnLandmark(
            With(Shards.Of(2).SelectMany(shard => Find(rows, shard, With(null))))).Fit(View(rows));

        Assert.IsNull(((MemoryLandmarkIndex)((ILandmarkStep)expected).Index).Nearest);
        ModelFiles.AssertSame(_mlContext, View(rows), expected, actual);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(0.5)]
    public void Fit_Penalties_AreReadOnceAndTold(double smoothing)
    {
        IDataView view = View(Rows());
        LandmarkPenalty[] given
            = [.. Find(Rows(), new(1, 1), new() { IdColumnName = "Id", SameLandmarkSmoothing = smoothing })];
        int reads = 0;
        var told = new Told();

        _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            SameLandmarkSmoothing = smoothing,
            Tuning = new KnnLandmarkTuning(),
            Penalties = Read(),
            Progress = told,
        }).Fit(view);

        Assert.AreEqual(1, reads);
        CollectionAssert.AreEqual(new long[] { 90 }, told.Reports);

        IEnumerable<LandmarkPenalty> Read()
        {
            reads++;
            foreach (LandmarkPenalty penalty in given)
                yield return penalty;
        }
    }

    [TestMethod]
    public void Fit_PenaltiesThatCannotBeRead_ThrowsWhatTheyThrow()
    {
        Assert.AreEqual("Lost.", Assert.ThrowsExactly<IOException>(() => Fit(Rows(), Read())).Message);

        static IEnumerable<LandmarkPenalty> Read()
        {
            yield return Find(new MLContext(), Rows(), new(1, 1)).First();
            throw new IOException("Lost.");
        }
    }

    [TestMethod]
    public void Fit_CancelledWhilePenaltiesAreRead_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        LandmarkPenalty[] given = [.. Find(Rows(), new(1, 1))];

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(() => _mlContext.Transforms.KnnLandmark(
            new KnnLandmarkEstimator.Options { Penalties = Read(), CancellationToken = cancellation.Token }).Fit(View(Rows())));

        Assert.AreEqual(cancellation.Token, error.CancellationToken);

        IEnumerable<LandmarkPenalty> Read()
        {
            yield return given[0];
            cancellation.Cancel();
            yield return given[1];
            Assert.Fail();
        }
    }

    [TestMethod]
    public void FindPenalties_EachTimeAnew_ReadsAsItIsAskedAndTells()
    {
        var input = new CountingView(View(Rows()));
        var told = new Told();
        var options = new KnnLandmarkEstimator.Options { IdColumnName = "Id", Progress = told };
        var shard = new LandmarkShard(1, 2);

        IEnumerable<LandmarkPenalty> penalties = _mlContext.Transforms.KnnLandmark(options).FindPenalties(input, shard);

        Assert.AreEqual(0, input.Cursors);
        int[] rows = [.. penalties.Select(penalty => penalty.Row)];
        Assert.AreEqual(1, input.Cursors);
        CollectionAssert.AreEqual(new long[] { rows.Length }, told.Reports);
        CollectionAssert.AreEqual(rows, penalties.Select(penalty => penalty.Row).ToArray());
        Assert.AreEqual(2, input.Cursors);
        CollectionAssert.AreEqual(Enumerable.Range(0, 90).Where(row => shard.Holds(Rows().Where(r => r.Label >= 0).ElementAt(row).Id))
            .ToArray(), rows);
    }

    [TestMethod]
    public void FindPenalties_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        IEnumerable<LandmarkPenalty> penalties
            = Find(Rows(), new(1, 1), new() { IdColumnName = "Id", CancellationToken = cancellation.Token });
        int found = 0;

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (LandmarkPenalty _ in penalties)
            {
                if (++found == 3)
                    cancellation.Cancel();
            }
        });

        Assert.AreEqual((3, cancellation.Token), (found, error.CancellationToken));
        Assert.Throws<OperationCanceledException>(() => penalties.First());
    }

    [TestMethod]
    public void FindPenalties_RowsOfOneId_AreOfOneShardAndOthersYieldNothing()
    {
        LabeledRow[] rows = Rows();
        foreach (LabeledRow row in rows)
            row.Id = "same";

        int[] counts = [.. Shards.Of(7).Select(shard => Find(rows, shard).Count())];

        CollectionAssert.AreEquivalent(new[] { 90, 0, 0, 0, 0, 0, 0 }, counts);
    }

    [TestMethod]
    public void FindPenalties_WithoutWhatItNeeds_Throws()
    {
        var shard = new LandmarkShard(1, 2);

        Assert.AreEqual("Rows fall into shards by their ids, and no column of them is named. Set IdColumnName.",
            Assert.ThrowsExactly<InvalidOperationException>(()
                => _mlContext.Transforms.KnnLandmark().FindPenalties(View(Rows()), shard)).Message);
        Assert.ThrowsExactly<ArgumentNullException>(()
            => _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id" }).FindPenalties(null!, shard));
        Assert.StartsWith("No row names a landmark: 30 rows are labelled -1", Assert.ThrowsExactly<InvalidOperationException>(()
            => Find([.. Rows().Where(row => row.Label < 0)], shard).ToArray()).Message);
        Assert.StartsWith("No row is labelled -1", Assert.ThrowsExactly<InvalidOperationException>(()
            => Find([.. Rows().Where(row => row.Label >= 0)], shard).ToArray()).Message);
    }

    [TestMethod]
    public void FindPenalties_RowsInAnIndex_Throws()
    {
        using KnnLandmarkTransformer fitted = _mlContext.Transforms.KnnLandmark().Fit(View(Rows()));
        var index = (MemoryLandmarkIndex)((ILandmarkStep)fitted).Index;

        Assert.AreEqual("The rows of this step are fitted already, in an index, which has their penalties. Find penalties by a step "
            + "without an index.", Assert.ThrowsExactly<InvalidOperationException>(()
            => new KnnLandmarkEstimator(_mlContext, new() { IdColumnName = "Id" }, index).FindPenalties(View(Rows()), new(1, 1))).Message);
        Assert.AreEqual("Penalties is learned while rows are fitted, and the rows of this step are fitted already, in an index. Leave it "
            + "out, or fit a model with it and load that into an index.", Assert.ThrowsExactly<InvalidOperationException>(()
            => new KnnLandmarkEstimator(_mlContext, new() { Penalties = [] }, index)).Message);
    }

    [TestMethod]
    public void ReadShard_Rows_KeepsItsOwnLandmarksAndAllNonLandmarks()
    {
        var shard = new LandmarkShard(2, 3);
        var reader = new LandmarkRowReader(new KnnLandmarkEstimator.Options { IdColumnName = "Id" }.FittedColumns, default);

        (LandmarkRows rows, int[] numbers) = reader.ReadShard(View(Rows()), shard);

        Assert.IsInRange(20, 40, rows.Landmarks.Count);
        Assert.AreEqual((90, 30), (reader.LandmarkCount, rows.NonLandmarks.Count));
        Assert.HasCount(rows.Landmarks.Count, numbers);
        Assert.IsTrue(rows.Ids!.All(shard.Holds));
    }

    [TestMethod]
    public void Penalty_NoNeighbor_Throws()
    {
        var penalty = new LandmarkPenalty(false, 0, [3, 1], [0.5, 0.25]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => penalty.Penalty(0));
        Assert.AreEqual((0.5, 0.375, 0.375), (penalty.Penalty(1), penalty.Penalty(2), penalty.Penalty(3)));
        Assert.AreEqual(0, new LandmarkPenalty(false, 0, [], []).Penalty(5));
    }

    // 90 of landmarks, 30 of none.
    private static LabeledRow[] Rows() => FeatureView.Random(120, Dimension, seed: 1);

    private static IEnumerable<LandmarkPenalty> Find(MLContext mlContext, LabeledRow[] rows, LandmarkShard shard)
        => mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id" })
            .FindPenalties(FeatureView.Create(mlContext, rows, Dimension), shard);

    private IEnumerable<LandmarkPenalty> Find(LabeledRow[] rows, LandmarkShard shard, KnnLandmarkEstimator.Options? options = null)
        => options is null ? Find(_mlContext, rows, shard) : _mlContext.Transforms.KnnLandmark(options).FindPenalties(View(rows), shard);

    private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, rows, Dimension);

    private void Fit(LabeledRow[] rows, IEnumerable<LandmarkPenalty> given)
        => _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { Penalties = given }).Fit(View(rows));

    private string RefuseRow(int row, Func<LandmarkPenalty, LandmarkPenalty> change, LabeledRow[]? rows = null)
        => Refuse(given => given.Select(penalty => penalty.Row == row ? change(penalty) : penalty), rows);

    private string Refuse(Func<LandmarkPenalty[], IEnumerable<LandmarkPenalty>> change, LabeledRow[]? rows = null)
    {
        LandmarkPenalty[] given = [.. Find(rows ?? Rows(), new(1, 1))];
        return Assert.ThrowsExactly<InvalidOperationException>(() => Fit(rows ?? Rows(), change(given))).Message;
    }

    private sealed class Told : IProgress<long>
    {
        public List<long> Reports { get; } = [];

        public void Report(long value) => Reports.Add(value);
    }
}
