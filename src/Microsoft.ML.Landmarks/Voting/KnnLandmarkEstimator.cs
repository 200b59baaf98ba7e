using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Voting.Tuning;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Names the landmark of each row by a vote of its nearest training rows, less penalties for likeness to photographs that show none. Made
/// by <see cref="LandmarksCatalog.KnnLandmark(TransformsCatalog, Options, IDataView)"/>.
/// </summary>
/// <remarks>
/// <para>Rows are scaled to unit length, and likeness is their cosine. A training row's penalty is the mean of its 5 largest cosines to
/// non-landmark rows. The 5 training rows with the largest cosine minus penalty are a query's neighbors; each gives that score to its
/// landmark, and the landmark with the largest sum is the prediction. Its sum minus the mean of the query's own 10 largest cosines to
/// non-landmark rows is the Score. The numbers 5, 5 and 10 are options, as are weights of both penalties and an exponent of the votes, all
/// 1 in the source; <see cref="Options.Tuning"/> chooses them.</para>
/// <para>A row with a feature that is NaN or infinite, or with no feature but 0, has no cosine. It is a missing row: Fit leaves it out and
/// counts it in a warning; as a query it has the missing value as its prediction, a Score of NaN and no neighbors. (A model of an earlier
/// version may hold rows of zeros. Their cosine stays 0.)</para>
/// <para>Source: psinger, Google Landmark Recognition 2020, 1st place, blend_ranking.ipynb.</para>
/// <para>The search is exact: which rows are nearest, and their scores, are those of products and sums in double precision of the rows at
/// unit length, rounded to Single, on any processor and with any number of threads. Votes are the same bits everywhere too: their powers
/// are the nearest doubles, no C library's.</para>
/// <para>Memory: 4 bytes for each value of each row that is fitted; for landmark rows twice as many where they are smoothed
/// (<see cref="LandmarkOptions.SameLandmarkSmoothing"/>), since rows that come later are smoothed with them as they were. The non-landmarks
/// that are nearest to each landmark row are kept, <see cref="LandmarkOptions.NumberOfTrainingPenaltyNeighbors"/> + 1 of 12 bytes each,
/// where they take no more than the rows do, or 16 MB. Both are saved with the model, so that
/// <see cref="KnnLandmarkTransformer.With"/> costs little. A changed model shares the rows with the one before; rows that are gone take
/// memory until they are more than a sixteenth.</para>
/// <para>Sets of 20,000 rows and more, of 64 values and more, are searched by way of bytes where that is expected to repay its preparation.
/// They take D + d + 28 bytes a row beside them, and landmark rows 28 more where
/// <see cref="KnnLandmarkTransformer.TrainingPenaltyWeight"/> is not 1 and all rows 28 more in a changed model, and 4 more once more than
/// 256 neighbors are asked for; D is the number of values rounded up to a multiple of 64, d at most as many, mostly 64 to 256. The
/// environment variables LANDMARKS_ENGINE (filter, fused) and LANDMARKS_KERNEL force how rows are searched.</para>
/// </remarks>
public sealed class KnnLandmarkEstimator : IEstimator<KnnLandmarkTransformer>
{
    /// <summary>The largest weight of a penalty: with it, scores of rows and of answers still fit single precision, in which engines
    /// compare rows.</summary>
    internal const double LargestWeight = 1_000_000;

    /// <summary>The largest exponent of the vote: the largest score, 1,000,001 with that weight, has a power of 1e300, and 100 million of
    /// these a sum that is a double.</summary>
    internal const double LargestExponent = 50;

    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly IDataView? _nonLandmarks;
    private readonly SearchDevice? _device;
    private readonly LandmarkIndex? _index;

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="nonLandmarks">More non-landmark rows; null for none.</param>
    internal KnnLandmarkEstimator(IHostEnvironment env, Options options, IDataView? nonLandmarks)
        : this(env, options, nonLandmarks, (options ?? throw new ArgumentNullException(nameof(options))).ChooseDevice(env))
    {
    }

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="nonLandmarks">More non-landmark rows; null for none.</param>
    /// <param name="device">Where to search, whatever <paramref name="options"/> and <paramref name="env"/> say; null for the CPU.</param>
    internal KnnLandmarkEstimator(IHostEnvironment env, Options options, IDataView? nonLandmarks, SearchDevice? device)
    {
        options.CheckColumns();
        _env = env;
        _options = options;
        _nonLandmarks = nonLandmarks;
        if (nonLandmarks is not null)
            FeatureReader.GetColumn(nonLandmarks.Schema, options.FeatureColumnName, dimension: null);
        _device = device;
    }

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="index">The fitted rows.</param>
    internal KnnLandmarkEstimator(IHostEnvironment env, Options options, LandmarkIndex index)
    {
        options.CheckColumns();
        if (options.Tuning is not null)
            throw Errors.OptionOfShared(nameof(Options.Tuning));
        if (options.SameLandmarkSmoothing > 0)
            throw Errors.OptionOfShared(nameof(LandmarkOptions.SameLandmarkSmoothing));
        if (options.Penalties is not null)
            throw Errors.OptionOfShared(nameof(Options.Penalties));
        (_env, _options, _index) = (env, options, index);
    }

    /// <summary>The values that are taken unless told otherwise.</summary>
    public static class Defaults
    {
        /// <summary>Neighbors that vote.</summary>
        public const int NumberOfNeighbors = 5;

        /// <summary>Non-landmark rows whose cosines make the penalty of a training row.</summary>
        public const int NumberOfTrainingPenaltyNeighbors = 5;

        /// <summary>Non-landmark rows whose cosines make the penalty of a query.</summary>
        public const int NumberOfQueryPenaltyNeighbors = 10;

        /// <summary>The factor of the training rows' penalties.</summary>
        public const double TrainingPenaltyWeight = 1;

        /// <summary>The factor of a query's own penalty.</summary>
        public const double QueryPenaltyWeight = 1;

        /// <summary>The exponent of the neighbors' scores in the vote.</summary>
        public const double SimilarityExponent = 1;

        /// <summary>Training rows that a query is averaged with.</summary>
        public const int QueryExpansion = 0;

        /// <summary>The label of non-landmarks.</summary>
        public const string NonLandmarkLabel = LandmarkLabel.NonLandmarkText;
    }

    /// <summary>Settings of <see cref="KnnLandmarkEstimator"/>.</summary>
    public sealed class Options : LandmarkOptions
    {
        /// <summary>The values that are taken unless told otherwise.</summary>
        public Options()
        {
        }

        /// <summary>Those of another step that names landmarks, and of the rest what is taken unless told otherwise.</summary>
        /// <param name="shared">Their values are taken, those of <see cref="StepOptions"/> too.</param>
        public Options(LandmarkOptions shared) : base(shared)
        {
        }

        /// <summary>
        /// The factor of a training row's penalty in the search: rows are ranked by cosine minus weight times penalty. From 0, which is no
        /// penalty, to 1,000,000.
        /// </summary>
        public double TrainingPenaltyWeight
        {
            get;
            init { field = CheckWeight(value, nameof(TrainingPenaltyWeight)); }
        } = Defaults.TrainingPenaltyWeight;

        /// <summary>The factor of the query's own penalty in the Score: the winner's sum minus weight times penalty. From 0, which is no
        /// penalty, to 1,000,000.</summary>
        public double QueryPenaltyWeight
        {
            get;
            init { field = CheckWeight(value, nameof(QueryPenaltyWeight)); }
        } = Defaults.QueryPenaltyWeight;

        /// <summary>
        /// The exponent g of the vote: a neighbor whose score is s votes with sign(s) |s|^g. It changes neither which rows are nearest nor
        /// <see cref="LandmarkOptions.NeighborScoresColumnName"/>. Above 0, up to 50; above 1 the nearest rows count for more. A Score that
        /// Single can't hold, which takes large weights or exponents, is the largest or smallest that it can.
        /// </summary>
        public double SimilarityExponent
        {
            get;
            init
            {
                field = value is > 0 and <= LargestExponent
                ? value : throw Errors.OptionRange(nameof(SimilarityExponent), value, $"above 0, up to {LargestExponent:F0}");
            }
        } = Defaults.SimilarityExponent;

        /// <summary>
        /// Has Fit choose <see cref="TrainingPenaltyWeight"/>, <see cref="QueryPenaltyWeight"/> and <see cref="SimilarityExponent"/>, all
        /// three, whatever they are set to. Null: they are taken as they are set.
        /// </summary>
        public KnnLandmarkTuning? Tuning { get; init; }

        /// <summary>
        /// How many training rows a query is averaged with, at least 0; all where there are fewer. The mean of the query at unit length and
        /// its nearest rows (by cosine minus weighted penalty), scaled to unit length, takes the query's place: its neighbors vote, and its
        /// likeness to non-landmarks counts. It costs a second search of each query.
        /// </summary>
        public int QueryExpansion
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(QueryExpansion)); field = value; }
        } = Defaults.QueryExpansion;

        /// <summary>
        /// The penalties that <see cref="FindPenalties"/> has found of all shards of the rows that are fitted, in any order; what they say
        /// of whitening doesn't matter. The model is the same, to the last byte, and Fit searches no non-landmarks but for a sample of the
        /// rows. They are read once, as they are needed. Null: Fit searches for them.
        /// </summary>
        /// <remarks>Fit checks that they are those of its rows: each landmark row once, with as many non-landmarks as it would find, best
        /// first, whose cosines it computes; and of 1,024 rows, or fewer where there are fewer, that no other non-landmark is
        /// nearer.</remarks>
        public IEnumerable<LandmarkPenalty>? Penalties { get; init; }

        /// <summary>What is part of the model; a tuning chooses another vote.</summary>
        internal KnnLandmarkSettings Settings
            => CreateSettings(new VoteSettings(TrainingPenaltyWeight, QueryPenaltyWeight, SimilarityExponent), QueryExpansion);

        /// <summary>How fitted rows are asked; null without a tuning.</summary>
        internal LeaveOneOutSettings? LeaveOneOut => Tuning is null ? null : new(
            NumberOfNeighbors, NumberOfTrainingPenaltyNeighbors, NumberOfQueryPenaltyNeighbors, Tuning, CreateParallelOptions());

        private static double CheckWeight(double value, string name)
            => value is >= 0 and <= LargestWeight ? value : throw Errors.OptionRange(name, value, $"from 0 to {LargestWeight:F0}");
    }

    /// <summary>
    /// Reads the rows once and computes their penalties, and tells <see cref="StepOptions.Progress"/> how many landmark rows have theirs;
    /// with <see cref="Options.Tuning"/>, chooses the weights and the exponent, of which <see cref="KnnLandmarkTuning.Progress"/> is told.
    /// With <see cref="LandmarkOptions.SameLandmarkSmoothing"/> too they are chosen before the rows are smoothed.
    /// </summary>
    /// <param name="input">Training rows; those with the label of non-landmarks are non-landmark rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features of the
    /// non-landmarks.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no landmark row, or no non-landmark row without <see cref="LandmarkOptions.AllowNoNonLandmarks"/>; or a row has more or
    /// fewer features than their column's type says; or <see cref="LandmarkOptions.ScoresColumnName"/> would have more than 16,777,216
    /// places; or <see cref="Options.Penalties"/> are not those of the rows.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    /// <remarks>Of rows that are elsewhere nothing is read: the schema is checked, and whether the steps before are those which made the
    /// rows.</remarks>
    public KnnLandmarkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_index is not null)
            return Attach(input, _index);
        using IChannel channel = _env.Start("Fitting landmarks");
        var builder = new LandmarkIndexBuilder(_options, _device, _env, channel);
        Lineage lineage = CheckLineage(input);
        builder.AddTrainingRows(input);
        if (_nonLandmarks is not null)
            builder.AddNonLandmarks(_nonLandmarks);
        builder.CheckRows();
        KnnLandmarkSettings settings = _options.Settings;
        if (_options.LeaveOneOut is not { } leaveOneOut)
        {
            builder.Smooth();
            // Who asks the model, if anybody, and how often, is not known.
            return new KnnLandmarkTransformer(_env, settings, builder.Build(queries: null, _options.Penalties, _options.Progress), lineage,
                _options);
        }

        (MemoryLandmarkIndex index, VoteSettings vote, KnnLandmarkTuningResult result) = BuildTuned(builder, leaveOneOut, channel);
        settings = settings with { Vote = vote, IsTuned = result.ReasonNotTuned is null };
        return new KnnLandmarkTransformer(_env, settings, index, lineage, _options) { TuningResult = result };
    }

    /// <summary>
    /// Finds the penalties of the landmark rows that belong to a shard, by the hash of their ids, and tells
    /// <see cref="StepOptions.Progress"/> how many have theirs. Several processes find those of all shards, and one gives them to Fit as
    /// <see cref="Options.Penalties"/>.
    /// </summary>
    /// <param name="input">All rows that are to be fitted.</param>
    /// <param name="shard">Whose landmark rows.</param>
    /// <returns>One for each of its landmark rows, in their order; none where no row belongs to it. Rows are read, and searched for, as
    /// they are asked for, each time anew.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features of the
    /// non-landmarks.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no <see cref="LandmarkOptions.IdColumnName"/>; or no landmark row, or no non-landmark row without
    /// <see cref="LandmarkOptions.AllowNoNonLandmarks"/>; or a row has more or fewer features than their column's type says; or the rows
    /// are elsewhere, in an index.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    /// <remarks>All non-landmarks stay in memory, and the landmark rows of the shard; with
    /// <see cref="LandmarkOptions.SameLandmarkSmoothing"/> all landmark rows twice, since any may be among the nearest of one.</remarks>
    public IEnumerable<LandmarkPenalty> FindPenalties(IDataView input, LandmarkShard shard)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_index is not null)
            throw Errors.PenaltiesOfShared();
        if (_options.IdColumnName is null)
            throw Errors.ShardsWithoutIds();
        CheckLineage(input);
        return Find();

        IEnumerable<LandmarkPenalty> Find()
        {
            using IChannel channel = _env.Start("Finding penalties");
            var builder = new LandmarkIndexBuilder(_options, _device, _env, channel);
            builder.AddTrainingRows(input, shard);
            if (_nonLandmarks is not null)
                builder.AddNonLandmarks(_nonLandmarks);
            builder.CheckRows();
            builder.Smooth();
            foreach (LandmarkPenalty penalty in builder.FindPenalties(shard, _options.Progress))
                yield return penalty;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return AnswerShape.AddTo(inputSchema, _options);
    }

    private KnnLandmarkTransformer Attach(IDataView input, LandmarkIndex index)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(input.Schema, _options.FeatureColumnName, index.Dimension);
        var step = new KnnLandmarkTransformer(
            _env, _options.Settings, new DetachedLandmarkIndex(index.External!), Lineage.Of(input.Schema, features), _options);
        return step.WithIndex(index, step.RowsFingerprint);
    }

    private (MemoryLandmarkIndex Index, VoteSettings Vote, KnnLandmarkTuningResult Result) BuildTuned(
        LandmarkIndexBuilder builder, LeaveOneOutSettings leaveOneOut, IChannel channel)
    {
        var queries = new LeaveOneOutQueries(leaveOneOut, builder.Labels.LandmarkOfRow, builder.NonLandmarkCount);
        // A smoothed row holds something of its neighbors: one that is asked would find itself in them. So it is asked before.
        bool isSmoothedAfterwards = _options.SameLandmarkSmoothing > 0 && queries.ReasonNotTuned is null;
        if (!isSmoothedAfterwards)
            builder.Smooth();
        MemoryLandmarkIndex index = isSmoothedAfterwards ? builder.Build(queries.LandmarkSearches, given: null, progress: null)
            : builder.Build(queries.LandmarkSearches, _options.Penalties, _options.Progress);
        VoteSettings vote;
        KnnLandmarkTuningResult result;
        try
        {
            (vote, result) = LandmarkTuner.Choose(leaveOneOut, index, queries, channel);
        }
        catch
        {
            index.Dispose();
            throw;
        }

        if (!isSmoothedAfterwards)
            return (index, vote, result);
        index.Dispose();
        builder.Smooth();
        return (builder.Build(queries: null, _options.Penalties, _options.Progress), vote, result);
    }

    private Lineage CheckLineage(IDataView input)
    {
        Lineage lineage = LineageOf(input);
        return _nonLandmarks is null || lineage.FindOther(LineageOf(_nonLandmarks)) is not { } other
            ? lineage : throw Errors.OtherStepsOfNonLandmarks(other.Column, other.Found, other.Fitted);
    }

    private Lineage LineageOf(IDataView rows)
        => Lineage.Of(rows.Schema, FeatureReader.GetColumn(rows.Schema, _options.FeatureColumnName, dimension: null));
}
