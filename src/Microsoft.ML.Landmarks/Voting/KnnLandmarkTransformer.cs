using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Names the landmark of each row. Fitted by <see cref="KnnLandmarkEstimator"/>.</summary>
public sealed class KnnLandmarkTransformer : BatchTransformer
{
    internal const string LoaderName = "KnnLandmark";
    internal static readonly ModelFormat Format = new("LMKNNLMK", LoaderName, Version: 3, OldestReadable: 1);

    private const int LargestBatch = 256;

    private readonly KnnLandmarkEstimator.Options _options;
    private readonly VoteSettings _settings;

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="settings">The weights and the exponent.</param>
    /// <param name="index">The fitted rows, disposed with the transformer.</param>
    /// <param name="lineage">What made the features of the fitted rows.</param>
    internal KnnLandmarkTransformer(IHostEnvironment env, KnnLandmarkEstimator.Options options, VoteSettings settings, LandmarkIndex index,
        Lineage lineage)
        : base(env, options)
    {
        _options = options;
        _settings = settings;
        Index = index;
        Lineage = lineage;
        int landmarkCount = Math.Min(Math.Max(options.NumberOfNeighbors, options.QueryExpansion), index.Gallery.Landmarks.Count);
        int nonLandmarkCount = Math.Min(options.NumberOfQueryPenaltyNeighbors, index.Gallery.NonLandmarks.Count);
        BatchSize = NeighborEngines.QueriesAtOnce(Math.Max(landmarkCount, nonLandmarkCount), LargestBatch);
    }

    /// <summary>The factor of the training rows' penalties: the option's, or the one that tuning chose.</summary>
    public double TrainingPenaltyWeight => _settings.TrainingPenaltyWeight;

    /// <summary>The factor of a query's own penalty: the option's, or the one that tuning chose.</summary>
    public double QueryPenaltyWeight => _settings.QueryPenaltyWeight;

    /// <summary>The exponent of the neighbors' scores in the vote: the option's, or the one that tuning chose.</summary>
    public double SimilarityExponent => _settings.SimilarityExponent;

    /// <summary>What tuning found; null where Fit did not tune. It is no part of the model: a loaded one has null, and the weights and the exponent that were chosen.</summary>
    public KnnLandmarkTuningResult? TuningResult { get; internal init; }

    /// <summary>How many rows with a landmark were fitted; rows with missing features were left out.</summary>
    public int LandmarkRowCount => Gallery.Landmarks.Count;

    /// <summary>How many rows without a landmark were fitted; rows with missing features were left out.</summary>
    public int NonLandmarkRowCount => Gallery.NonLandmarks.Count;

    internal LandmarkIndex Index { get; }

    internal Gallery Gallery => Index.Gallery;

    internal override int BatchSize { get; set; }

    private protected override ModelFormat SavedFormat => Format;

    private protected override Lineage Lineage { get; }

    private protected override IReadOnlyList<string> InputColumnNames => [_options.FeatureColumnName];

    internal static KnnLandmarkTransformer Load(IHostEnvironment env, ModelReader model)
    {
        var options = new KnnLandmarkEstimator.Options
        {
            FeatureColumnName = model.ReadColumnName(),
            PredictedLabelColumnName = model.ReadColumnName(),
            ScoreColumnName = model.ReadColumnName(),
            NeighborsColumnName = model.ReadOptionalColumnName(),
            NeighborScoresColumnName = model.ReadOptionalColumnName(),
            QueryPenaltyColumnName = model.ReadOptionalColumnName(),
            NumberOfNeighbors = model.ReadInt32("the number of neighbors", 1),
            NumberOfTrainingPenaltyNeighbors = model.ReadInt32("the number of training penalty neighbors", 1),
            NumberOfQueryPenaltyNeighbors = model.ReadInt32("the number of query penalty neighbors", 1),
            // Format 1 knew neither weights nor expansion.
            TrainingPenaltyWeight = model.Version == 1 ? 1 : model.ReadDouble("the training penalty weight", 0, KnnLandmarkEstimator.LargestWeight),
            QueryPenaltyWeight = model.Version == 1 ? 1 : model.ReadDouble("the query penalty weight", 0, KnnLandmarkEstimator.LargestWeight),
            SimilarityExponent = model.Version == 1 ? 1 : model.ReadDouble("the similarity exponent", double.Epsilon, KnnLandmarkEstimator.LargestExponent),
            QueryExpansion = model.Version == 1 ? 0 : model.ReadInt32("the query expansion", 0),
        };
        if (options.ListsTooManyNeighbors)
            throw Errors.ModelDamaged(LoaderName, $"the number of neighbors is {options.NumberOfNeighbors}");
        SearchDevice? device = SearchDevice.Create(env, gpuDeviceId: null, fallbackToCpu: false);
        var gallery = Gallery.Load(model);
        // Formats 1 and 2 knew no fingerprints.
        Lineage lineage = model.Version <= 2 ? Lineage.Unknown : Lineage.Load(model);
        var index = LandmarkIndex.Open(gallery, device, options.CreateParallelOptions(), env);
        return new KnnLandmarkTransformer(env, options, options.VoteSettings, index, lineage);
    }

    private protected override void SaveValues(ModelWriter model)
    {
        model.Write(_options.FeatureColumnName);
        model.Write(_options.PredictedLabelColumnName);
        model.Write(_options.ScoreColumnName);
        model.WriteNullable(_options.NeighborsColumnName);
        model.WriteNullable(_options.NeighborScoresColumnName);
        model.WriteNullable(_options.QueryPenaltyColumnName);
        model.Write(_options.NumberOfNeighbors);
        model.Write(_options.NumberOfTrainingPenaltyNeighbors);
        model.Write(_options.NumberOfQueryPenaltyNeighbors);
        model.Write(_settings.TrainingPenaltyWeight);
        model.Write(_settings.QueryPenaltyWeight);
        model.Write(_settings.SimilarityExponent);
        model.Write(_options.QueryExpansion);
        Gallery.Save(model);
        Lineage.Save(model);
    }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        FeatureReader.GetColumn(inputSchema, _options.FeatureColumnName, Gallery.Landmarks.Dimension);
        List<DataViewSchema.DetachedColumn> added = [];
        foreach ((KnnLandmarkOutput output, string name) in Outputs)
        {
            added.Add(output switch
            {
                KnnLandmarkOutput.PredictedLabel => Gallery.Labels.ToColumn(name),
                KnnLandmarkOutput.Neighbors => new(name, new VectorDataViewType(
                    Gallery.Ids is null ? NumberDataViewType.Int64 : TextDataViewType.Instance, _options.NumberOfNeighbors)),
                KnnLandmarkOutput.NeighborScores => new(name, new VectorDataViewType(NumberDataViewType.Single, _options.NumberOfNeighbors)),
                _ => new(name, NumberDataViewType.Single),
            });
        }

        return added;
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(input.Schema, _options.FeatureColumnName, Gallery.Landmarks.Dimension);
        return new KnnLandmarkKernel(_options, _settings, Index, [.. Outputs.Select(o => o.Output)], new FeatureReader(input, features),
            capacity);
    }

    private protected override void GiveUp() => Index.Dispose();

    /// <summary>The columns that are added, in order.</summary>
    private IEnumerable<(KnnLandmarkOutput Output, string Name)> Outputs
    {
        get
        {
            yield return (KnnLandmarkOutput.PredictedLabel, _options.PredictedLabelColumnName);
            yield return (KnnLandmarkOutput.Score, _options.ScoreColumnName);
            if (_options.NeighborsColumnName is { } neighbors)
                yield return (KnnLandmarkOutput.Neighbors, neighbors);
            if (_options.NeighborScoresColumnName is { } scores)
                yield return (KnnLandmarkOutput.NeighborScores, scores);
            if (_options.QueryPenaltyColumnName is { } penalty)
                yield return (KnnLandmarkOutput.QueryPenalty, penalty);
        }
    }
}
