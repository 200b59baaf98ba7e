using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>
/// Learns landmarks from rows by any method, with the very steps that a chain of <c>WhitenFeatures</c> and <c>KnnLandmark</c> has. What
/// several methods need is computed once.
/// </summary>
/// <param name="env">The environment, whose log is told what the steps say.</param>
/// <param name="options">Columns and numbers of neighbors.</param>
/// <param name="device">Where to search; null for the CPU.</param>
/// <param name="rows">What is learned from.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class LandmarkLearning(
    IHostEnvironment env, LandmarkOptions options, SearchDevice? device, TrainingRows rows, FitProgress progress)
{
    private WhiteningTransformer? _whitening;

    /// <summary>The penalties of the landmark rows, of plain ones and of whitened, where others have found them; null where they are
    /// searched for.</summary>
    public IEnumerable<LandmarkPenalty>? Penalties { get; init; }

    /// <summary>Why the rows can't be whitened; null where they can.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string? FindWhyNotWhitened()
    {
        try
        {
            _ = Whitening;
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    /// <summary>Learns from a part of the rows, as well as they bear it. Nothing is logged: what there is to say of a part is said of
    /// all.</summary>
    /// <inheritdoc cref="LandmarkLearning(IHostEnvironment, LandmarkOptions, SearchDevice?, TrainingRows, FitProgress)"/>
    /// <inheritdoc cref="LearnOrPlain"/>
    public static LearnedLandmarks LearnQuietly(
        TrainingRows rows, LandmarkOptions options, SearchDevice? device, LandmarkMethod method, VoteSettings? vote = null)
        => new LandmarkLearning(new MLContext(), options, device, rows, FitProgress.None).LearnOrPlain(method, vote);

    /// <summary>Learns by a method; by the plain one where it whitens, and there is nothing to whiten.</summary>
    /// <param name="method">How.</param>
    /// <param name="vote">How the rows vote; null: as the method says.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearnedLandmarks LearnOrPlain(LandmarkMethod method, VoteSettings? vote = null)
    {
        bool canLearn = !method.Whitens() || FindWhyNotWhitened() is null;
        return Learn(canLearn ? method : LandmarkMethod.Plain, vote);
    }

    /// <param name="method">How.</param>
    /// <param name="vote">How the rows vote; null: as the method says.</param>
    /// <exception cref="InvalidOperationException">The method whitens, and there is nothing to whiten.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearnedLandmarks Learn(LandmarkMethod method, VoteSettings? vote = null)
    {
        bool whitens = method.Whitens();
        double weight = method.PenaltyWeight();
        var estimator = new KnnLandmarkEstimator(env, new KnnLandmarkEstimator.Options(options)
        {
            TrainingPenaltyWeight = vote?.TrainingPenaltyWeight ?? weight,
            QueryPenaltyWeight = vote?.QueryPenaltyWeight ?? weight,
            SimilarityExponent = vote?.SimilarityExponent ?? KnnLandmarkEstimator.Defaults.SimilarityExponent,
            Tuning = method.Tunes() && vote is null ? new KnnLandmarkTuning { Progress = progress.Share("Tuning") } : null,
            Penalties = Penalties?.Where(penalty => penalty is null || penalty.OfWhitenedRows == whitens),
            Progress = progress.Of($"Penalties, {method.Name()}", rows.Count - rows.NonLandmarkCount),
        }, nonLandmarks: null, device);
        KnnLandmarkTransformer landmarks = estimator.Fit(RowsOf(whitens));
        // It was told of Fit alone.
        landmarks.Progress = null;
        return new LearnedLandmarks(whitens ? Whitening : null, landmarks);
    }

    /// <summary>Finds the penalties of the landmark rows that belong to a shard, as they are asked for.</summary>
    /// <param name="whitens">Of whitened rows, or of the rows as they are.</param>
    /// <param name="shard">Whose landmark rows.</param>
    /// <exception cref="InvalidOperationException">They are to be whitened, and there is nothing to whiten.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<LandmarkPenalty> FindPenalties(bool whitens, LandmarkShard shard)
    {
        int own = Enumerable.Range(0, rows.Count).Count(row => rows.Labels[row] is not null && shard.Holds(rows.Ids![row]));
        var estimator = new KnnLandmarkEstimator(env, new KnnLandmarkEstimator.Options(options)
        {
            Progress = progress.Of($"Penalties, {(whitens ? LandmarkMethod.Whitened : LandmarkMethod.Plain).Name()}", own),
        }, nonLandmarks: null, device);
        return estimator.FindPenalties(RowsOf(whitens), shard).Select(penalty => penalty with { OfWhitenedRows = whitens });
    }

    private IDataView RowsOf(bool whitens) => whitens ? Whitening.Transform(rows.View) : rows.View;

    private WhiteningTransformer Whitening => _whitening ??= new WhiteningEstimator(env, new WhiteningEstimator.Options
    {
        OutputColumnName = options.FeatureColumnName,
        MaxDegreeOfParallelism = options.MaxDegreeOfParallelism,
        CancellationToken = options.CancellationToken,
        Progress = progress.Of("Whitening", rows.Count),
    }).Fit(rows.View);
}
