using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Whitening;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Names the landmark of each row, by the method that suited the training rows. Fitted by
/// <see cref="LandmarkRecognizingEstimator"/>.</summary>
public sealed class LandmarkRecognizingTransformer : BatchTransformer, ILandmarkStep
{
    internal const string LoaderName = "LandmarkRecognition";

    private readonly RecognitionModel _model;
    // Answers as the verdict judges, over the rows of the model's own step.
    private readonly KnnLandmarkTransformer _landmarks;
    private readonly LandmarkRecognizingTransformer? _owner;

    /// <param name="env">The environment.</param>
    /// <param name="model">What it consists of; the step in it is disposed with this one.</param>
    /// <param name="options">How it works to begin with; null for a model that was loaded.</param>
    internal LandmarkRecognizingTransformer(IHostEnvironment env, RecognitionModel model, StepOptions? options = null)
        : base(env, options)
    {
        _model = model;
        _landmarks = model.Verdict is { } verdict ? model.Landmarks.JudgedBy(verdict, model.Columns) : model.Landmarks;
    }

    private LandmarkRecognizingTransformer(LandmarkRecognizingTransformer owner, KnnLandmarkTransformer landmarks)
        : base(owner.Env, options: null)
    {
        _model = owner._model;
        _landmarks = landmarks;
        _owner = owner;
        (MaxDegreeOfParallelism, CancellationToken, Progress) = (owner.MaxDegreeOfParallelism, owner.CancellationToken, owner.Progress);
    }

    /// <summary>How it has learned: the option's method, or the one that Fit chose.</summary>
    public LandmarkMethod Method => _model.Chosen.Method;

    /// <summary>Why Fit chose <see cref="Method"/>, in words; none where it was asked for.</summary>
    public IReadOnlyList<string> Reasons => _model.Chosen.Reasons;

    /// <summary>What fitted landmarks are called, by their labels as text: a number as the invariant culture writes it, a key as its key
    /// value. Those without a name are not in it.</summary>
    public IReadOnlyDictionary<string, string> Names => _model.Names;

    /// <summary>The factor of the training rows' penalties: the method's, or the one that tuning chose.</summary>
    public double TrainingPenaltyWeight => _landmarks.TrainingPenaltyWeight;

    /// <summary>The factor of a query's own penalty: the method's, or the one that tuning chose.</summary>
    public double QueryPenaltyWeight => _landmarks.QueryPenaltyWeight;

    /// <summary>The exponent of the neighbors' scores in the vote: 1, or the one that tuning chose.</summary>
    public double SimilarityExponent => _landmarks.SimilarityExponent;

    /// <summary>What tuning found; null where Fit did not tune. It is no part of the model: a loaded one has null, and the weights and the
    /// exponent that were chosen.</summary>
    public KnnLandmarkTuningResult? TuningResult => _landmarks.TuningResult;

    /// <summary>How many rows with a landmark were fitted; rows with missing features were left out.</summary>
    public int LandmarkRowCount => _landmarks.LandmarkRowCount;

    /// <summary>How many rows without a landmark were fitted; rows with missing features were left out.</summary>
    public int NonLandmarkRowCount => _landmarks.NonLandmarkRowCount;

    /// <summary>
    /// The share of photographs of nothing that may be answered as a landmark, above 0 and below 1; null where the model has no verdict. It
    /// may be changed, of a loaded model too: answers that are computed later keep the new one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    /// <exception cref="InvalidOperationException">Too few photographs were held out for it, or the model has no verdict.</exception>
    public double? FalseAlarmRate
    {
        get => _model.Verdict?.Rates.FalseAlarms;
        set => RequireVerdict().Change(rates => rates with { FalseAlarms = StatedRate.Require(value, nameof(FalseAlarmRate)) });
    }

    /// <summary>How surely <see cref="FalseAlarmRate"/> is to hold for this very model, above 0 and below 1; null: in the mean over all
    /// models.</summary>
    /// <inheritdoc cref="FalseAlarmRate"/>
    public double? FalseAlarmConfidence
    {
        get => _model.Verdict?.Rates.Confidence;
        set => RequireVerdict().Change(rates => rates with { Confidence = StatedRate.Check(value, nameof(FalseAlarmConfidence)) });
    }

    /// <summary>The share of photographs of unknown landmarks that may be answered, above 0 and below 1, as estimated; null: those are not
    /// looked at.</summary>
    /// <inheritdoc cref="FalseAlarmRate"/>
    public double? UnknownLandmarkRate
    {
        get => _model.Verdict?.Rates.UnknownLandmarks;
        set => RequireVerdict().Change(rates => rates with { UnknownLandmarks = StatedRate.Check(value, nameof(UnknownLandmarkRate)) });
    }

    /// <summary>How many photographs of nothing the answers are judged by; 0 where the model has no verdict.</summary>
    public int FalseAlarmCount => _model.Verdict?.Calibration.FalseAlarms.Count ?? 0;

    /// <summary>
    /// Whether <see cref="FalseAlarmRate"/> is a promise: nothing was learned from the photographs that the answers are judged by. False
    /// where they were so few that they were answered in folds, each by a model of the others, which is an estimate; where rows of a model
    /// that keeps no held-out photographs have changed, as those of a database; and without a verdict.
    /// </summary>
    public bool FalseAlarmsAreProved => _model.Verdict?.Calibration.AreProved ?? false;

    /// <summary>Where the true rate of this very model lies with a confidence of 95 %, as far as so few photographs say; null where it has
    /// no verdict.</summary>
    public MetricInterval? FalseAlarmInterval => _model.Verdict?.FalseAlarmInterval;

    /// <summary>What the verdict makes of photographs of landmarks that the model does not know, and of right answers, as far as the
    /// training rows tell.</summary>
    /// <param name="unknownLandmarkRate">In place of <see cref="UnknownLandmarkRate"/>; null: unknown landmarks are not looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    /// <exception cref="InvalidOperationException">There are too few landmarks for it, or the model has no verdict.</exception>
    public LandmarkVerdictEstimate EstimateVerdict(double? unknownLandmarkRate)
    {
        Verdict verdict = RequireVerdict();
        double? rate = StatedRate.Check(unknownLandmarkRate, nameof(unknownLandmarkRate));
        (MeasuredRate unknownLandmarks, MeasuredRate rightAnswers) = verdict.Estimate(verdict.Rates with { UnknownLandmarks = rate });
        return new LandmarkVerdictEstimate(unknownLandmarks, rightAnswers);
    }

    /// <summary>What was added and removed since Fit, oldest first.</summary>
    public IReadOnlyList<LandmarkChange> Changes => _model.Landmarks.Changes;

    internal RecognitionModel Model => _model;

    internal override int BatchSize
    {
        get => _landmarks.BatchSize;
        set => _landmarks.BatchSize = value;
    }

    LandmarkIndex ILandmarkStep.Index => _landmarks.Index;

    string ILandmarkStep.RowsFingerprint => RowsFingerprint;

    private string RowsFingerprint => new Fingerprint(writer =>
    {
        writer.Write(_model.Dimension);
        writer.Write(_landmarks.Settings.NumberOfTrainingPenaltyNeighbors);
        _model.Lineage.WriteTo(writer);
        _model.Whitening?.WriteTo(writer);
    }).ToString();

    bool ILandmarkStep.KnowsIds => ((ILandmarkStep)_landmarks).KnowsIds;

    FittedColumns ILandmarkStep.Rows => _landmarks.Settings.Rows;

    AnswerColumns ILandmarkStep.Columns => ((ILandmarkStep)_landmarks).Columns;

    private protected override BatchTransformer? Owner => _owner;

    private protected override ModelFormat SavedFormat => LandmarkRecognizingFormat.Format;

    private protected override Lineage Lineage => _model.Lineage;

    private protected override IReadOnlyList<string> InputColumnNames => [_landmarks.FeatureColumnName];

    internal static LandmarkRecognizingTransformer Load(IHostEnvironment env, ModelReader model)
        => new(env, LandmarkRecognizingFormat.Read(model, part => KnnLandmarkTransformer.Load(env, part)));

    /// <summary>A model of these rows and others, with what this one has learned.</summary>
    /// <param name="rows">Rows as Fit reads them: the columns of labels, of features, and of ids where the model has them. Those with the
    /// label of non-landmarks are non-landmark rows, of which each third is held out where this model has held out its own.</param>
    /// <param name="replace">Whether a row with the id of one that there is takes its place: the old one is removed, and the new one stands
    /// with the other new ones.</param>
    /// <param name="names">What landmarks are called, as <see cref="LandmarkRecognizingEstimator.Options.Names"/> says; names of landmarks
    /// that have one replace it. Null: new landmarks have none.</param>
    /// <returns>A model of its own, which shares memory with this one; either is disposed when it is not needed any more.</returns>
    /// <remarks>
    /// <para>Neighbors, penalties and scores are the bits that <see cref="KnnLandmarkTransformer.With"/> would give of the rows, whitened
    /// as Fit has learned it: those of a fit to the rows that stay and then the new ones. The whitening, the weights and the exponent of
    /// the vote, and what the verdict estimates of unknown landmarks and of right answers, stay as Fit has learned them. How many rows came
    /// since is logged; once they are more than a fifth of all, a warning advises to fit anew.</para>
    /// <para>The verdict judges by the scores that the changed model gives to the non-landmarks that are held out, those too that came with
    /// new rows, so that its rate stays a promise: whatever comes, nothing is learned from them. A row that replaces one that is held out
    /// is held out too, and a row that replaces another is not. Rates that were set stay. The promise holds where non-landmarks do not go
    /// for how the model answers them, nor come again that went.</para>
    /// <para>What it costs: new rows and those whose penalty they change are compared with what is held out, and only held-out rows that
    /// have lost several of their nearest rows are answered anew. Where the verdict is by folds
    /// (<see cref="FalseAlarmsAreProved"/> is false), all folds are learned anew, as long as Fit took for them, and it stays one by folds
    /// however many non-landmarks there are: the model has learned from all that it was fitted with.</para>
    /// <para>A model that was saved before there was With keeps no row that was held out. Its verdict stays that of the model before,
    /// <see cref="FalseAlarmsAreProved"/> becomes false, and a warning says so.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted, or other steps
    /// made the features.</exception>
    /// <exception cref="ArgumentException">A row has an id that the model has, without <paramref name="replace"/>, or that another new row
    /// has.</exception>
    /// <exception cref="InvalidOperationException">So many rows were replaced by others of another kind that too few are left.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public LandmarkRecognizingTransformer With(IDataView rows, bool replace = false, IDataView? names = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Change(change => change.Add(rows, replace, names));
    }

    /// <summary>A model without some of its rows: landmarks, non-landmarks, and non-landmarks that are held out.</summary>
    /// <param name="ids">The ids of the rows.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no row with one of the ids.</exception>
    /// <exception cref="InvalidOperationException">The model was fitted without ids; or no row with a landmark would be left, or no
    /// non-landmark where there are some, or too few to judge by.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public LandmarkRecognizingTransformer Without(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Change(change => change.Remove(ids));
    }

    /// <summary>A model without some of its landmarks.</summary>
    /// <param name="labels">Their labels as text: a number as the invariant culture writes it, a key as its key value.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no landmark with one of the labels.</exception>
    /// <exception cref="InvalidOperationException">No landmark would be left.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public LandmarkRecognizingTransformer WithoutLandmarks(IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Change(change => change.RemoveLandmarks(labels));
    }

    private protected override void SaveValues(ModelWriter model) => LandmarkRecognizingFormat.Write(model, _model);

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        GetFeatures(inputSchema);
        return _landmarks.AddedColumns;
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        if (_model.Whitening is not { } projection)
            return _landmarks.CreateKernel(input, capacity);
        var whitening = new WhiteningKernel(projection, new FeatureReader(input, GetFeatures(input.Schema)), capacity);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(_landmarks.FeatureColumnName, new VectorDataViewType(NumberDataViewType.Single, projection.OutputDimension));
        return new ChainedKernel(whitening, builder.ToSchema(), row => _landmarks.CreateKernel(row, capacity), capacity);
    }

    private protected override void GiveUp()
    {
        if (_owner is null)
            _model.Landmarks.Dispose();
    }

    LandmarkRows ILandmarkStep.ReadRows(IDataView rows, ParallelOptions parallelism)
    {
        DataViewSchema.Column features = GetFeatures(rows.Schema);
        if (_model.Lineage.FindOther(Lineage.Of(rows.Schema, features)) is { } other)
            throw Errors.OtherSteps(LoaderName, other.Column, other.Found, other.Fitted);
        return _model.Landmarks.ReadRows(Whiten(rows), parallelism);
    }

    UnitRows ILandmarkStep.ReadQueries(IDataView rows, CancellationToken cancellation)
    {
        GetFeatures(rows.Schema);
        return _model.Landmarks.ReadQueries(Whiten(rows), cancellation);
    }

    // Held-out photographs are answered anew by rows in memory alone, so the verdict stays as it is.
    ITransformer ILandmarkStep.WithIndex(LandmarkIndex index) => new LandmarkRecognizingTransformer(Env, _model with
    {
        Landmarks = _model.Landmarks.WithIndex(index, RowsFingerprint),
        Verdict = _model.Verdict is not { Calibration: var calibration } verdict ? null : new Verdict(calibration with
        {
            AreProved = calibration.AreProved && !index.HasChanged,
            HeldOut = null,
            Folds = null,
        }, verdict.Rates),
    })
    { MaxDegreeOfParallelism = MaxDegreeOfParallelism };

    ITransformer ILandmarkStep.Showing(AnswerColumns columns) => new LandmarkRecognizingTransformer(
        _owner ?? this, (KnnLandmarkTransformer)((ILandmarkStep)_landmarks).Showing(columns));

    ITransformer ILandmarkStep.With(IDataView rows, bool replace, IDataView? names) => With(rows, replace, names);

    ITransformer ILandmarkStep.Without(IEnumerable<string> ids) => Without(ids);

    ITransformer ILandmarkStep.WithoutLandmarks(IEnumerable<string> labels) => WithoutLandmarks(labels);

    private LandmarkRecognizingTransformer Change(Func<RecognitionChange, RecognitionModel> change) => Use(() =>
    {
        using IChannel channel = Env.Start("Changing landmarks");
        RecognitionModel changed = change(new RecognitionChange(Env, _model, Parallelism, channel));
        RowsSinceFit.Tell(changed.RowsSinceFit, changed.RowCount, changed.Learned, channel);
        return new LandmarkRecognizingTransformer(Env, changed) { MaxDegreeOfParallelism = MaxDegreeOfParallelism };
    });

    private IDataView Whiten(IDataView rows) => _model.Whitening is not { } projection ? rows : new WhiteningTransformer(
        Env, _landmarks.FeatureColumnName, _landmarks.FeatureColumnName, projection, _model.Lineage).Transform(rows);

    private Verdict RequireVerdict() => _model.Verdict ?? throw Errors.ModelWithoutVerdict();

    private DataViewSchema.Column GetFeatures(DataViewSchema schema)
        => FeatureReader.GetColumn(schema, _landmarks.FeatureColumnName, _model.Dimension);
}
