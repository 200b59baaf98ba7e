using Microsoft.ML.Data;
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
/// <para>Memory: 4 bytes for each value of each row that is fitted. A model that was not loaded keeps the non-landmarks that are nearest to
/// each landmark row, <see cref="Options.NumberOfTrainingPenaltyNeighbors"/> + 1 of 16 bytes each, where they take no more than the rows
/// do, or 16 MB. Sets of 20,000 rows and more, of 64 values and more, are searched by way of bytes where that is expected to repay its
/// preparation. They take D + d + 28 bytes a row beside them, and landmark rows 28 more where
/// <see cref="KnnLandmarkTransformer.TrainingPenaltyWeight"/> is not 1, and 4 more once more than 256 neighbors are asked for; D is the
/// number of values rounded up to a multiple of 64, d at most as many, mostly 64 to 256. The environment variables LANDMARKS_ENGINE
/// (filter, fused) and LANDMARKS_KERNEL force how rows are searched.</para>
/// </remarks>
public sealed class KnnLandmarkEstimator : IEstimator<KnnLandmarkTransformer>
{
    /// <summary>The largest weight of a penalty: with it, scores of rows and of answers still fit single precision, in which engines
    /// compare rows.</summary>
    internal const double LargestWeight = 1_000_000;

    /// <summary>The largest exponent of the vote: the largest score, 1,000,001 with that weight, has a power of 1e300, and 100 million of
    /// these a sum that is a double.</summary>
    internal const double LargestExponent = 50;

    /// <summary>The most places that columns of neighbors have: 128 MB of numbers a row.</summary>
    internal const int MostListedNeighbors = 1 << 24;

    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly IDataView? _nonLandmarks;
    private readonly SearchDevice? _device;

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="nonLandmarks">More non-landmark rows; null for none.</param>
    /// <param name="device">Where to search; null for what <paramref name="options"/> and <paramref name="env"/> say.</param>
    internal KnnLandmarkEstimator(IHostEnvironment env, Options options, IDataView? nonLandmarks, SearchDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Settings.ListsTooManyNeighbors)
            throw Errors.ListedNeighbors(options.NumberOfNeighbors, MostListedNeighbors);
        _env = env;
        _options = options;
        _nonLandmarks = nonLandmarks;
        if (nonLandmarks is not null)
            FeatureReader.GetColumn(nonLandmarks.Schema, options.FeatureColumnName, dimension: null);
        _device = device ?? SearchDevices.Choose(env, options.GpuDeviceId, options.FallbackToCpu);
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
    public sealed class Options : StepOptions
    {
        /// <summary>Int32, Int64, text or key; read by Fit only.</summary>
        public string LabelColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(LabelColumnName)); field = value; }
        } = "Label";

        /// <summary>A vector of Single of known size, dense or sparse. It is scaled to unit length here.</summary>
        public string FeatureColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(FeatureColumnName)); field = value; }
        } = "Features";

        /// <summary>The column that is added with the landmark, of the label's type; a missing row has the missing value (key 0, number -1,
        /// empty text).</summary>
        public string PredictedLabelColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(PredictedLabelColumnName)); field = value; }
        } = "PredictedLabel";

        /// <summary>The column that is added with the confidence: Single, higher is surer, no probability; NaN for a missing row.</summary>
        public string ScoreColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(ScoreColumnName)); field = value; }
        } = "Score";

        /// <summary>A text column with an id for each training row, by which neighbors are named; read by Fit only. Null: they are named by
        /// position.</summary>
        public string? IdColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(IdColumnName)); }
        }

        /// <summary>
        /// The column that is added with the neighbors, best first: a vector of <see cref="NumberOfNeighbors"/> ids, or of Int64 positions
        /// among the fitted landmark rows from 0. Unused places are empty text or -1. Null: no such column.
        /// </summary>
        public string? NeighborsColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(NeighborsColumnName)); }
        }

        /// <summary>The column that is added with the neighbors' scores, cosine minus weighted penalty: a vector of
        /// <see cref="NumberOfNeighbors"/> Singles, NaN in unused places. Null: no such column.</summary>
        public string? NeighborScoresColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(NeighborScoresColumnName)); }
        }

        /// <summary>The column that is added with the query's own penalty, before its weight: Single. Null: no such column.</summary>
        public string? QueryPenaltyColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(QueryPenaltyColumnName)); }
        }

        /// <summary>
        /// How many rows vote; at least 1, all where there are fewer. With <see cref="NeighborsColumnName"/> or
        /// <see cref="NeighborScoresColumnName"/>, whose vectors have so many places whatever the number of rows, at most 16,777,216.
        /// </summary>
        public int NumberOfNeighbors
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfNeighbors)); field = value; }
        } = Defaults.NumberOfNeighbors;

        /// <summary>The mean of how many cosines to non-landmarks is the penalty of a training row; at least 1, all where there are
        /// fewer.</summary>
        public int NumberOfTrainingPenaltyNeighbors
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfTrainingPenaltyNeighbors)); field = value; }
        } = Defaults.NumberOfTrainingPenaltyNeighbors;

        /// <summary>The mean of how many cosines to non-landmarks is the penalty of a query; at least 1, all where there are
        /// fewer.</summary>
        public int NumberOfQueryPenaltyNeighbors
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfQueryPenaltyNeighbors)); field = value; }
        } = Defaults.NumberOfQueryPenaltyNeighbors;

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
        /// <see cref="NeighborScoresColumnName"/>. Above 0, up to 50; above 1 the nearest rows count for more. A Score that Single can't
        /// hold, which takes large weights or exponents, is the largest or smallest that it can.
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

        /// <summary>The label of a non-landmark, as text; for a key, its key value. A missing key and empty text are non-landmarks
        /// too.</summary>
        public string NonLandmarkLabel
        {
            get;
            init { ArgumentNullException.ThrowIfNull(value, nameof(NonLandmarkLabel)); field = value; }
        } = Defaults.NonLandmarkLabel;

        /// <summary>Whether Fit goes on without any non-landmark row; all penalties are 0 then.</summary>
        public bool AllowNoNonLandmarks { get; init; }

        /// <summary>
        /// The GPU to search on, by CUDA's number. Null: <see cref="MLContext.GpuDeviceId"/> with <see cref="MLContext.FallbackToCpu"/>,
        /// and without that the CPU. Results are the same bits on both. It is no part of the model: one that is loaded works where the
        /// context that loads it says.
        /// </summary>
        public int? GpuDeviceId { get; init; }

        /// <summary>Whether the CPU may take the place of the GPU in <see cref="GpuDeviceId"/> where that can't be used; a warning says
        /// so.</summary>
        public bool FallbackToCpu { get; init; }

        /// <summary>What is part of the model; a tuning chooses another vote.</summary>
        internal KnnLandmarkSettings Settings => new(FeatureColumnName, PredictedLabelColumnName, ScoreColumnName, NeighborsColumnName,
            NeighborScoresColumnName, QueryPenaltyColumnName, NumberOfNeighbors, NumberOfTrainingPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors, new VoteSettings(TrainingPenaltyWeight, QueryPenaltyWeight, SimilarityExponent), QueryExpansion);

        /// <summary>How fitted rows are asked; null without a tuning.</summary>
        internal LeaveOneOutSettings? LeaveOneOut => Tuning is null ? null : new(
            NumberOfNeighbors, NumberOfTrainingPenaltyNeighbors, NumberOfQueryPenaltyNeighbors, Tuning, CreateParallelOptions());

        private static double CheckWeight(double value, string name)
            => value is >= 0 and <= LargestWeight ? value : throw Errors.OptionRange(name, value, $"from 0 to {LargestWeight:F0}");
    }

    /// <summary>
    /// Reads the rows once and computes their penalties, and tells <see cref="StepOptions.Progress"/> how many landmark rows have theirs;
    /// with <see cref="Options.Tuning"/>, chooses the weights and the exponent, of which <see cref="KnnLandmarkTuning.Progress"/> is told.
    /// </summary>
    /// <param name="input">Training rows; those with the label of non-landmarks are non-landmark rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features of the
    /// non-landmarks.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no landmark row, or no non-landmark row without <see cref="Options.AllowNoNonLandmarks"/>; or a row has more or fewer
    /// features than their column's type says.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    public KnnLandmarkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _env.Start("Fitting landmarks");
        var builder = new LandmarkIndexBuilder(_options, _device, _env, channel);
        Lineage lineage = LineageOf(input);
        if (_nonLandmarks is not null && lineage.FindOther(LineageOf(_nonLandmarks)) is { } other)
            throw Errors.OtherStepsOfNonLandmarks(other.Column, other.Found, other.Fitted);
        builder.AddTrainingRows(input);
        if (_nonLandmarks is not null)
            builder.AddNonLandmarks(_nonLandmarks);
        builder.CheckRows();
        LeaveOneOutQueries? queries = _options.LeaveOneOut is { } leaveOneOut
            ? new(leaveOneOut, builder.Labels.LandmarkOfRow, builder.NonLandmarkCount) : null;
        // A tuning asks at once; who asks the model, if anybody, and how often, is not known.
        LandmarkIndex index = builder.Build(queries?.LandmarkSearches);
        try
        {
            KnnLandmarkSettings settings = _options.Settings;
            if (queries is null)
                return new KnnLandmarkTransformer(_env, settings, index, lineage, _options);
            (VoteSettings vote, KnnLandmarkTuningResult result) = LandmarkTuner.Choose(_options.LeaveOneOut!, index, queries, channel);
            return new KnnLandmarkTransformer(_env, settings with { Vote = vote }, index, lineage, _options) { TuningResult = result };
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column features = inputSchema.GetColumn("feature", _options.FeatureColumnName);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw Errors.ColumnType("feature", features.Name, FeatureReader.TypeName(null), features.Describe());
        SchemaShape.Column label = inputSchema.GetColumn("label", _options.LabelColumnName);
        if (label.Kind != SchemaShape.Column.VectorKind.Scalar || !(label.IsKey || LabelReader.IsAllowed(label.ItemType)))
            throw Errors.ColumnType("label", label.Name, LabelReader.AllowedTypes, label.Describe());
        if (_options.IdColumnName is not null)
        {
            SchemaShape.Column id = inputSchema.GetColumn("id", _options.IdColumnName);
            if (id.Kind != SchemaShape.Column.VectorKind.Scalar || id.ItemType is not TextDataViewType)
                throw Errors.ColumnType("id", id.Name, Errors.TextType, id.Describe());
        }

        var keyValues = new SchemaShape(label.Annotations.Where(c => label.IsKey && c.Name == "KeyValues"));
        List<SchemaShape.Column> added =
        [
            MLNetInternals.ShapeColumn(_options.PredictedLabelColumnName, SchemaShape.Column.VectorKind.Scalar, label.ItemType, label.IsKey,
            keyValues),
            MLNetInternals.ShapeColumn(_options.ScoreColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single),
        ];
        if (_options.NeighborsColumnName is { } neighbors)
            added.Add(MLNetInternals.ShapeColumn(neighbors, SchemaShape.Column.VectorKind.Vector, _options.IdColumnName is null
                ? NumberDataViewType.Int64 : TextDataViewType.Instance));
        if (_options.NeighborScoresColumnName is { } scores)
            added.Add(MLNetInternals.ShapeColumn(scores, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single));
        if (_options.QueryPenaltyColumnName is { } penalty)
            added.Add(MLNetInternals.ShapeColumn(penalty, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single));
        return inputSchema.With(added);
    }

    private Lineage LineageOf(IDataView rows)
        => Lineage.Of(rows.Schema, FeatureReader.GetColumn(rows.Schema, _options.FeatureColumnName, dimension: null));
}
