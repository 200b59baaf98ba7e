using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>A model whose penalties several processes have found, each for its own rows, is, whatever engine searches them, the one of a
/// single fit: its file is the same to the last byte.</summary>
public abstract class FitInPartsConformance
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Where rows are searched; null: as a user's are.</summary>
    private protected abstract SearchDevice? Device { get; }

    /// <summary>How many features rows have.</summary>
    private protected virtual int Dimension => 13;

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 0)]
    [DataRow(3, 0)]
    [DataRow(7, 0)]
    [DataRow(7, 0.5)]
    [DataRow(90, 0.5)]
    public void Fit_PenaltiesOfShards_GivesTheBytesOfAFit(int shards, double smoothing)
        => AssertSame(FeatureView.Hard(211, Dimension, seed: shards), shards,
            new() { IdColumnName = "Id", SameLandmarkSmoothing = smoothing });

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(69)]
    [DataRow(70)]
    [DataRow(300)]
    [DataRow(int.MaxValue)]
    public void Fit_PenaltiesOfAnyNumberOfNeighbors_GivesTheBytesOfAFit(int neighbors)
        => AssertSame(FeatureView.Hard(210, Dimension, seed: 4, hasMissing: false), shards: 3,
            new() { IdColumnName = "Id", NumberOfTrainingPenaltyNeighbors = neighbors });

    [TestMethod]
    [DataRow(0)]
    [DataRow(0.25)]
    public void Fit_PenaltiesAndTuning_GivesTheBytesOfAFit(double smoothing)
        => AssertSame(FeatureView.Hard(240, Dimension, seed: 5), shards: 3,
            new() { IdColumnName = "Id", SameLandmarkSmoothing = smoothing, Tuning = new KnnLandmarkTuning() });

    [TestMethod]
    public void Fit_PenaltiesAndWeights_GivesTheBytesOfAFit() => AssertSame(FeatureView.Hard(150, Dimension, seed: 6), shards: 2, new()
    {
        IdColumnName = "Id",
        TrainingPenaltyWeight = 0.25,
        QueryPenaltyWeight = 3,
        SimilarityExponent = 2,
        QueryExpansion = 4,
    });

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(3)]
    public void Fit_PenaltiesOfFewNonLandmarks_GivesTheBytesOfAFit(int nonLandmarks)
    {
        LabeledRow[] rows = FeatureView.Hard(90, Dimension, seed: 7, hasMissing: false);
        LabeledRow[] some = [.. rows.Where(row => row.Label >= 0), .. rows.Where(row => row.Label < 0).Take(nonLandmarks)];

        AssertSame(some, shards: 3, new() { IdColumnName = "Id", AllowNoNonLandmarks = true });
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_PenaltiesWithASecondViewOfNonLandmarks_GivesTheBytesOfAFit(bool hasOwn)
    {
        LabeledRow[] rows = FeatureView.Hard(120, Dimension, seed: 8);
        IDataView others = View(FeatureView.Hard(40, Dimension, seed: 9));

        AssertSame([.. rows.Where(row => hasOwn || row.Label >= 0)], shards: 3, new() { IdColumnName = "Id" }, others);
    }

    [TestMethod]
    public void Fit_PenaltiesOfMoreRowsThanABatch_GivesTheBytesOfAFit()
        => AssertSame(FeatureView.Hard(5000, Dimension, seed: 10, landmarks: 400), shards: 2, new() { IdColumnName = "Id" });

    [TestMethod]
    public void FindPenalties_Rows_AreThoseOfThePlainReference()
    {
        LabeledRow[] rows = FeatureView.Hard(150, Dimension, seed: 11);
        float[][] units = [.. rows.Select(row => Unit(row.Features))];
        int[] kept = [.. Enumerable.Range(0, rows.Length).Where(row => !units[row].Contains(float.NaN) && units[row].Any(v => v != 0))],
            landmarks = [.. kept.Where(row => rows[row].Label >= 0)], others = [.. kept.Where(row => rows[row].Label < 0)];
        var shard = new LandmarkShard(2, 3);

        LandmarkPenalty[] penalties = [.. Estimator(new() { IdColumnName = "Id" }).FindPenalties(View(rows), shard)];

        CollectionAssert.AreEqual(Enumerable.Range(0, landmarks.Length).Where(row => shard.Holds(rows[landmarks[row]].Id)).ToArray(),
            penalties.Select(penalty => penalty.Row).ToArray());
        foreach (LandmarkPenalty penalty in penalties)
        {
            (int Row, double Cosine)[] expected = [.. others.Select((other, number)
                => (number, ExactDot.Compute(units[landmarks[penalty.Row]], units[other])))
                .OrderByDescending(neighbor => neighbor.Item2).Take(6)];
            Assert.IsFalse(penalty.OfWhitenedRows);
            CollectionAssert.AreEqual(expected.Select(neighbor => neighbor.Row).ToArray(), penalty.NonLandmarks.ToArray());
            CollectionAssert.AreEqual(expected.Select(neighbor => neighbor.Cosine).ToArray(), penalty.Cosines.ToArray());
            Assert.AreEqual(expected[..5].Sum(neighbor => neighbor.Cosine) / 5, penalty.Penalty(5));
            Assert.AreEqual(expected.Sum(neighbor => neighbor.Cosine) / 6, penalty.Penalty(int.MaxValue));
        }
    }

    private static float[] Unit(float[] features)
    {
        double length = Math.Sqrt(ExactDot.Compute(features, features));
        return length == 0 ? features : [.. features.Select(value => (float)(value / length))];
    }

    private void AssertSame(LabeledRow[] rows, int shards, KnnLandmarkEstimator.Options options, IDataView? nonLandmarks = null)
    {
        IDataView view = View(rows);
        using KnnLandmarkTransformer expected = Estimator(options, nonLandmarks).Fit(view);

        LandmarkPenalty[] penalties = [.. Shards.Of(shards).SelectMany(shard
            => Estimator(options, nonLandmarks).FindPenalties(view, shard))];
        new Random(shards).Shuffle(penalties);
        using KnnLandmarkTransformer actual = Estimator(new(options)
        {
            TrainingPenaltyWeight = options.TrainingPenaltyWeight,
            QueryPenaltyWeight = options.QueryPenaltyWeight,
            SimilarityExponent = options.SimilarityExponent,
            QueryExpansion = options.QueryExpansion,
            Tuning = options.Tuning,
            Penalties = penalties,
        }, nonLandmarks).Fit(view);

        ModelFiles.AssertSame(_mlContext, view, expected, actual);
        CollectionAssert.AreEqual(expected.Gallery.Penalties,
            penalties.OrderBy(penalty => penalty.Row).Select(p => p.Penalty(options.NumberOfTrainingPenaltyNeighbors)).ToArray());
    }

    private KnnLandmarkEstimator Estimator(KnnLandmarkEstimator.Options options, IDataView? nonLandmarks = null)
        => new(_mlContext, options, nonLandmarks, Device);

    private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, rows, Dimension);
}
