using System.Collections.ObjectModel;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Names the landmark of each row. Fitted by <see cref="KnnLandmarkEstimator"/>.</summary>
public sealed class KnnLandmarkTransformer : BatchTransformer, ILandmarkStep
{
    internal const string LoaderName = "KnnLandmark";

    private const int LargestBatch = 256;

    private readonly KnnLandmarkSettings _settings;
    private readonly IVerdict? _verdict;
    private readonly KnnLandmarkTransformer? _owner;

    /// <param name="env">The environment.</param>
    /// <param name="settings">What is saved of the settings.</param>
    /// <param name="index">The fitted rows, disposed with the transformer.</param>
    /// <param name="lineage">What made the features of the fitted rows.</param>
    /// <param name="options">How it works to begin with; null for a model that was loaded.</param>
    internal KnnLandmarkTransformer(IHostEnvironment env, KnnLandmarkSettings settings, LandmarkIndex index, Lineage lineage,
        StepOptions? options = null)
        : base(env, options)
    {
        _settings = settings;
        Index = index;
        Lineage = lineage;
        int landmarkCount = Math.Min(Math.Max(Math.Max(settings.NumberOfNeighbors, settings.Columns.NumberOfTopLandmarks),
            settings.QueryExpansion), index.Gallery.Landmarks.Count);
        int nonLandmarkCount = Math.Min(settings.NumberOfQueryPenaltyNeighbors, index.Gallery.NonLandmarks.Count);
        BatchSize = NeighborEngines.QueriesAtOnce(Math.Max(landmarkCount, nonLandmarkCount), LargestBatch);
    }

    private KnnLandmarkTransformer(KnnLandmarkTransformer owner, KnnLandmarkSettings settings, IVerdict? verdict)
        : this(owner.Env, settings, owner.Index, owner.Lineage)
    {
        _owner = owner._owner ?? owner;
        _verdict = verdict;
        TuningResult = owner.TuningResult;
        (MaxDegreeOfParallelism, CancellationToken, Progress) = (owner.MaxDegreeOfParallelism, owner.CancellationToken, owner.Progress);
    }

    /// <summary>The factor of the training rows' penalties: the option's, or the one that tuning chose.</summary>
    public double TrainingPenaltyWeight => _settings.Vote.TrainingPenaltyWeight;

    /// <summary>The factor of a query's own penalty: the option's, or the one that tuning chose.</summary>
    public double QueryPenaltyWeight => _settings.Vote.QueryPenaltyWeight;

    /// <summary>The exponent of the neighbors' scores in the vote: the option's, or the one that tuning chose.</summary>
    public double SimilarityExponent => _settings.Vote.SimilarityExponent;

    /// <summary>What tuning found; null where Fit did not tune. It is no part of the model: a loaded one has null, and the weights and the
    /// exponent that were chosen.</summary>
    public KnnLandmarkTuningResult? TuningResult { get; internal init; }

    /// <summary>How many rows with a landmark were fitted; rows with missing features were left out.</summary>
    public int LandmarkRowCount => Gallery.Landmarks.Count;

    /// <summary>How many rows without a landmark were fitted; rows with missing features were left out.</summary>
    public int NonLandmarkRowCount => Gallery.NonLandmarks.Count;

    internal LandmarkIndex Index { get; }

    internal KnnLandmarkSettings Settings => _settings;

    internal VoteSettings Vote => _settings.Vote;

    internal AnswerColumns Columns => _settings.Columns;

    internal Gallery Gallery => Index.Gallery;

    internal override int BatchSize { get; set; }

    internal string FeatureColumnName => _settings.FeatureColumnName;

    /// <summary>How many features a row has.</summary>
    internal int Dimension => Gallery.Landmarks.Dimension;

    /// <summary>The columns that are added to any input.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns
        => [.. _settings.Columns.Added.Select(column => ToColumn(column.Part, column.Name))];

    bool ILandmarkStep.KnowsIds => Gallery.Ids is not null;

    IReadOnlyDictionary<string, string> ILandmarkStep.Names => ReadOnlyDictionary<string, string>.Empty;

    AnswerColumns ILandmarkStep.Columns => _settings.Columns;

    private protected override BatchTransformer? Owner => _owner;

    private protected override ModelFormat SavedFormat => KnnLandmarkFormat.Format;

    private protected override Lineage Lineage { get; }

    private protected override IReadOnlyList<string> InputColumnNames => [FeatureColumnName];

    internal static KnnLandmarkTransformer Load(IHostEnvironment env, ModelReader model)
    {
        SearchDevice? device = SearchDevices.Choose(env, gpuDeviceId: null, fallbackToCpu: false);
        (KnnLandmarkSettings settings, Gallery gallery, Lineage lineage) = KnnLandmarkFormat.Read(model);
        return new KnnLandmarkTransformer(env, settings, LandmarkIndex.Open(gallery, device, new ParallelOptions(), env), lineage);
    }

    /// <summary>Writes what is saved of the step, as a part of another too.</summary>
    internal void WriteTo(ModelWriter model) => KnnLandmarkFormat.Write(model, _settings, Gallery, Lineage);

    /// <summary>The same step with answers that are judged. It works with the fitted rows of this one, which are not disposed with
    /// it.</summary>
    /// <param name="verdict">Judges them.</param>
    /// <param name="columns">Those that are added then.</param>
    internal KnnLandmarkTransformer JudgedBy(IVerdict verdict, AnswerColumns columns)
        => new(this, _settings with { Columns = columns }, verdict);

    /// <summary>Makes what computes the added columns, of features that another step may make in the same batch.</summary>
    internal KnnLandmarkKernel CreateKernel(DataViewRow input, int capacity)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(input.Schema, FeatureColumnName, Dimension);
        return new KnnLandmarkKernel(_settings, Index, new FeatureReader(input, features), capacity, _verdict);
    }

    private protected override void SaveValues(ModelWriter model) => WriteTo(model);

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        FeatureReader.GetColumn(inputSchema, FeatureColumnName, Dimension);
        return AddedColumns;
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
        => CreateKernel(input, capacity);

    private protected override void GiveUp()
    {
        if (_owner is null)
            Index.Dispose();
    }

    ITransformer ILandmarkStep.Showing(AnswerColumns columns)
    {
        AnswerColumns shown = columns with { NumberOfTopLandmarks = Math.Min(columns.NumberOfTopLandmarks, Gallery.Labels.LandmarkCount) };
        return new KnnLandmarkTransformer(
            this, _settings.Limit(Gallery) with { Columns = _verdict is null ? shown.WithoutVerdict : shown }, _verdict);
    }

    private DataViewSchema.DetachedColumn ToColumn(AnswerPart part, string name)
    {
        int places = _settings.PlacesOf(part);
        return part switch
        {
            AnswerPart.PredictedLabel => Gallery.Labels.ToColumn(name),
            AnswerPart.NeighborLabels or AnswerPart.TopLabels => Gallery.Labels.ToColumn(name, places),
            AnswerPart.Neighbors => IdColumn(Gallery.Ids),
            AnswerPart.NonLandmarkNeighbors => IdColumn(Gallery.NonLandmarkIds),
            AnswerPart.IsLandmark => new(name, BooleanDataViewType.Instance),
            AnswerPart.Scores => Gallery.Labels.ToNumbersColumn(name),
            _ => new(name, places == 0 ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, places)),
        };

        DataViewSchema.DetachedColumn IdColumn(string[]? ids)
            => new(name, new VectorDataViewType(ids is null ? NumberDataViewType.Int64 : TextDataViewType.Instance, places));
    }
}
