using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
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
        OfFit = new RowsOfFit(LandmarkRowCount, NonLandmarkRowCount);
        int landmarkCount = Math.Min(Math.Max(Math.Max(settings.NumberOfNeighbors, settings.Columns.NumberOfTopLandmarks),
            settings.QueryExpansion), index.MostNeighbors);
        int nonLandmarkCount = Math.Min(settings.NumberOfQueryPenaltyNeighbors, index.MostNonLandmarks);
        BatchSize = NeighborEngines.QueriesAtOnce(Math.Max(landmarkCount, nonLandmarkCount), LargestBatch);
    }

    private KnnLandmarkTransformer(KnnLandmarkTransformer owner, KnnLandmarkSettings settings, IVerdict? verdict)
        : this(owner.Env, settings, owner.Index, owner.Lineage)
    {
        _owner = owner._owner ?? owner;
        (Changes, OfFit) = (owner.Changes, owner.OfFit);
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

    /// <summary>How many rows with a landmark were fitted; rows with missing features were left out. Of rows in a database, how many there
    /// were when it was last asked, at most 2,147,483,647.</summary>
    public int LandmarkRowCount => (int)Math.Min(Index.LandmarkRowCount, int.MaxValue);

    /// <summary>How many rows without a landmark were fitted; rows with missing features were left out. Of rows in a database, how many
    /// there were when it was last asked, at most 2,147,483,647.</summary>
    public int NonLandmarkRowCount => (int)Math.Min(Index.NonLandmarkRowCount, int.MaxValue);

    /// <summary>What was added and removed since Fit, oldest first. It is part of the model.</summary>
    public IReadOnlyList<LandmarkChange> Changes { get; private init; } = [];

    /// <summary>How many of the rows are there since Fit.</summary>
    internal RowsOfFit OfFit { get; private init; }

    /// <summary>How many of the rows came since Fit.</summary>
    internal long RowsSinceFit => (long)LandmarkRowCount + NonLandmarkRowCount - OfFit.Landmarks - OfFit.NonLandmarks;

    internal LandmarkIndex Index { get; }

    /// <inheritdoc cref="ILandmarkStep.RowsFingerprint"/>
    internal string RowsFingerprint => new Fingerprint(writer =>
    {
        writer.Write(Dimension);
        writer.Write(_settings.NumberOfTrainingPenaltyNeighbors);
        Lineage.WriteTo(writer);
    }).ToString();

    /// <summary>The rows, where they are in memory.</summary>
    /// <exception cref="InvalidOperationException">They are elsewhere.</exception>
    internal MemoryLandmarkIndex RowsInMemory => Index as MemoryLandmarkIndex ?? throw Errors.RowsElsewhere(Index.External!.Kind);

    internal KnnLandmarkSettings Settings => _settings;

    internal VoteSettings Vote => _settings.Vote;

    internal AnswerColumns Columns => _settings.Columns;

    /// <inheritdoc cref="RowsInMemory"/>
    internal Gallery Gallery => RowsInMemory.Gallery;

    internal override int BatchSize { get; set; }

    internal string FeatureColumnName => _settings.Rows.Features;

    /// <summary>How many features a row has.</summary>
    internal int Dimension => Index.Dimension;

    /// <summary>The columns that are added to any input.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns
        => [.. _settings.Columns.Added.Select(column => ToColumn(column.Part, column.Name))];

    LandmarkIndex ILandmarkStep.Index => Index;

    string ILandmarkStep.RowsFingerprint => RowsFingerprint;

    bool ILandmarkStep.KnowsIds => Index.KnowsIds;

    IReadOnlyDictionary<string, string> ILandmarkStep.Names => ReadOnlyDictionary<string, string>.Empty;

    FittedColumns ILandmarkStep.Rows => _settings.Rows;

    AnswerColumns ILandmarkStep.Columns => _settings.Columns;

    private protected override BatchTransformer? Owner => _owner;

    private protected override ModelFormat SavedFormat => KnnLandmarkFormat.Format;

    private protected override Lineage Lineage { get; }

    private protected override IReadOnlyList<string> InputColumnNames => [FeatureColumnName];

    internal static KnnLandmarkTransformer Load(IHostEnvironment env, ModelReader model)
    {
        SearchDevice? device = SearchDevices.Choose(env, gpuDeviceId: null, fallbackToCpu: false);
        FittedLandmarks fitted = KnnLandmarkFormat.Read(model);
        LandmarkIndex index = fitted.Gallery is { } gallery
            ? MemoryLandmarkIndex.Open(gallery, fitted.Nearest, device, new ParallelOptions(), env)
            : new DetachedLandmarkIndex(fitted.External!);
        return new KnnLandmarkTransformer(env, fitted.Settings, index, fitted.Lineage)
        {
            Changes = fitted.Changes,
            OfFit = fitted.OfFit,
        };
    }

    /// <summary>A model of these rows and others, which answers as one that is fitted anew: to the rows that there are, and then the new
    /// ones, each kind in its order.</summary>
    /// <param name="rows">Rows as Fit reads them: the columns of labels, of features, and of ids where the model has them. Those with the
    /// label of non-landmarks are non-landmark rows.</param>
    /// <param name="replace">Whether a row with the id of one that there is takes its place: the old one is removed, and the new one stands
    /// with the other new ones.</param>
    /// <returns>A model of its own, which shares memory with this one; either is disposed when it is not needed any more.</returns>
    /// <remarks>
    /// <para>Neighbors, penalties, scores and answers are the bits that <see cref="KnnLandmarkEstimator"/> would give with these
    /// <see cref="TrainingPenaltyWeight"/>, <see cref="QueryPenaltyWeight"/> and <see cref="SimilarityExponent"/> and all other options of
    /// this model, but in a small part of its time. The values of keys that are new follow those that there are.</para>
    /// <para>Weights that a tuning chose stay as they are, and so does what steps before this one have learned, as a whitening. How many
    /// rows came since is logged; once they are more than a fifth of all, a warning advises to fit anew where there was a tuning: from
    /// there on less than four fifths of the rows were learned from, which is as many as Fit itself lets stand for all of them in its
    /// cross-validations.</para>
    /// <para>A model that an older version saved says neither what its columns were called, for which Label and Id are taken, nor whether
    /// its rows were smoothed, which it takes for no.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted, or other steps
    /// made the features.</exception>
    /// <exception cref="ArgumentException">A row has an id that the model has, without <paramref name="replace"/>, or that another new row
    /// has.</exception>
    /// <exception cref="InvalidOperationException">There would be more landmarks or keys than a column holds, or rows were replaced by
    /// others of another kind so that none of theirs is left.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public KnnLandmarkTransformer With(IDataView rows, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Use(() =>
        {
            if (Gallery.Ids is not { } ids)
                return ChangeAndTell([], [], ReadRows(rows, Parallelism));
            string[] nonLandmarkIds = Gallery.NonLandmarkIds ?? [], all = [.. ids, .. nonLandmarkIds];
            // Before hours of work on photographs, and of rows too that are left out then.
            RowIds.CheckAdded(RowIds.Read(rows, _settings.Rows.Id!), all, replace);
            LandmarkRows added = ReadRows(rows, Parallelism);
            HashSet<string> replaced = RowIds.CheckAdded([.. added.Ids!, .. added.NonLandmarkIds!], all, replace);
            return ChangeAndTell(RowIds.Find(ids, replaced), RowIds.Find(nonLandmarkIds, replaced), added);
        });
    }

    /// <summary>A model without some of its rows, landmarks and non-landmarks, which answers as one that is fitted to the others.</summary>
    /// <param name="ids">The ids of the rows.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no row with one of the ids.</exception>
    /// <exception cref="InvalidOperationException">The model was fitted without ids; or no row with a landmark would be left, or no
    /// non-landmark where there are some.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public KnnLandmarkTransformer Without(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Use(() =>
        {
            string[] fitted = Gallery.Ids ?? throw Errors.ModelWithoutIds(), nonLandmarks = Gallery.NonLandmarkIds ?? [];
            HashSet<string> removed = RowIds.CheckRemoved(ids, [.. fitted, .. nonLandmarks]);
            return ChangeAndTell(RowIds.Find(fitted, removed), RowIds.Find(nonLandmarks, removed), added: null);
        });
    }

    /// <summary>A model without some of its landmarks, which answers as one that is fitted to the rows of the others.</summary>
    /// <param name="labels">Their labels as text: a number as the invariant culture writes it, a key as its key value.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no landmark with one of the labels.</exception>
    /// <exception cref="InvalidOperationException">No landmark would be left.</exception>
    /// <exception cref="OperationCanceledException"><see cref="BatchTransformer.CancellationToken"/> was cancelled.</exception>
    public KnnLandmarkTransformer WithoutLandmarks(IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Use(() => ChangeAndTell(FindLandmarks(labels), [], added: null));
    }

    /// <summary>The numbers of the rows that show some landmarks, rising.</summary>
    /// <param name="labels">The labels of the landmarks as text.</param>
    /// <exception cref="ArgumentException">The model has no landmark with one of the labels.</exception>
    internal int[] FindLandmarks(IEnumerable<string> labels)
    {
        HashSet<string> removed = [.. labels];
        IReadOnlyList<string> texts = Gallery.Labels.Texts;
        string[] unknown = [.. removed.Except(texts)];
        if (unknown.Length > 0)
            throw Errors.UnknownLandmarks(unknown[0], unknown.Length);
        return [.. Enumerable.Range(0, LandmarkRowCount).Where(row => removed.Contains(texts[Gallery.Labels.LandmarkOfRow[row]]))];
    }

    /// <summary>A model of rows that were changed. Ids are not looked at, and nothing is said of what was learned before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted, or other steps
    /// made the features.</exception>
    /// <exception cref="InvalidOperationException">There is no landmark row left, or no non-landmark row where there were some.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <param name="change">What becomes of the rows.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    internal KnnLandmarkTransformer Change(FittedRowsChange change, ParallelOptions parallelism)
        => Use(() => Change(change.RemovedLandmarks, change.RemovedNonLandmarks,
            change.Added is null ? null : ReadRows(change.Added, parallelism), change.History, parallelism));

    /// <summary>Writes what is saved of the step, as a part of another too.</summary>
    internal void WriteTo(ModelWriter model) => KnnLandmarkFormat.Write(model, new FittedLandmarks(
        _settings, (Index as MemoryLandmarkIndex)?.Gallery, (Index as MemoryLandmarkIndex)?.Nearest, Lineage, Changes, OfFit)
    { External = Index.External });

    /// <summary>The same step with rows that are elsewhere. It is disposed without the index, which whoever made it disposes.</summary>
    /// <param name="index">Where they are.</param>
    /// <param name="fingerprint">What they must be.</param>
    /// <exception cref="InvalidOperationException">They are rows of other steps, or a column can't be shown of them.</exception>
    internal KnnLandmarkTransformer WithIndex(LandmarkIndex index, string fingerprint)
    {
        ExternalRows found = index.External ?? throw new ArgumentException("It is in memory.", nameof(index));
        if (found.Fingerprint != fingerprint)
            throw Errors.IndexOfOtherModel(found.Kind, found.Name, found.Fingerprint, fingerprint);
        int most = Math.Max(Math.Max(_settings.NumberOfNeighbors, _settings.NumberOfQueryPenaltyNeighbors), _settings.QueryExpansion);
        if (most > index.MostNeighbors)
            throw Errors.TooManyNeighborsOfShared(most, index.MostNeighbors);
        if (_settings.Columns.Scores is not null)
            throw Errors.ScoresOfShared();
        index.CheckAsked(_settings.NumberOfNeighbors, _settings.Vote.TrainingPenaltyWeight, _settings.QueryExpansion);
        if (index.Warning is { } warning)
        {
            using IChannel channel = Env.Start("Attaching an index");
            channel.Warning(warning);
        }

        return new KnnLandmarkTransformer(Env, _settings, index, Lineage)
        {
            MaxDegreeOfParallelism = MaxDegreeOfParallelism,
        };
    }

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
        if (_owner is null && Index is MemoryLandmarkIndex)
            Index.Dispose();
    }

    ITransformer ILandmarkStep.Showing(AnswerColumns columns)
    {
        AnswerColumns shown = columns with { NumberOfTopLandmarks = Math.Min(columns.NumberOfTopLandmarks, Index.MostLandmarks) };
        return new KnnLandmarkTransformer(
            this, _settings.Limit(Index) with { Columns = _verdict is null ? shown.WithoutVerdict : shown }, _verdict);
    }

    LandmarkRows ILandmarkStep.ReadRows(IDataView rows, ParallelOptions parallelism) => ReadRows(rows, parallelism);

    UnitRows ILandmarkStep.ReadQueries(IDataView rows, CancellationToken cancellation) => ReadQueries(rows, cancellation);

    ITransformer ILandmarkStep.WithIndex(LandmarkIndex index) => WithIndex(index, RowsFingerprint);

    ITransformer ILandmarkStep.With(IDataView rows, bool replace, IDataView? names)
        => names is null ? With(rows, replace) : throw Errors.ModelOfNoNames(nameof(names));

    ITransformer ILandmarkStep.Without(IEnumerable<string> ids) => Without(ids);

    ITransformer ILandmarkStep.WithoutLandmarks(IEnumerable<string> labels) => WithoutLandmarks(labels);

    /// <inheritdoc cref="ILandmarkStep.ReadRows"/>
    internal LandmarkRows ReadRows(IDataView rows, ParallelOptions parallelism)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(rows.Schema, FeatureColumnName, Dimension);
        if (Lineage.FindOther(Lineage.Of(rows.Schema, features)) is { } other)
            throw Errors.OtherSteps(LoaderName, other.Column, other.Found, other.Fitted);
        Index.Labels.CheckKind(rows.Schema.GetColumn("label", _settings.Rows.Label));
        var reader = new LandmarkRowReader(_settings.Rows, parallelism.CancellationToken);
        LandmarkRows added = reader.Read(rows, Dimension);
        using IChannel channel = Env.Start("Changing landmarks");
        reader.Warn(channel);
        return added;
    }

    /// <inheritdoc cref="ILandmarkStep.ReadQueries"/>
    internal UnitRows ReadQueries(IDataView rows, CancellationToken cancellation)
        => new LandmarkRowReader(_settings.Rows, cancellation).ReadFeatures(rows, Dimension);

    private KnnLandmarkTransformer ChangeAndTell(int[] removedLandmarks, int[] removedNonLandmarks, LandmarkRows? added)
    {
        long start = Stopwatch.GetTimestamp();
        var history = new LandmarkChange
        {
            Time = DateTimeOffset.UtcNow,
            AddedLandmarkRows = added?.Landmarks.Count ?? 0,
            AddedNonLandmarkRows = added?.NonLandmarks.Count ?? 0,
            RemovedLandmarkRows = removedLandmarks.Length,
            RemovedNonLandmarkRows = removedNonLandmarks.Length,
        };
        KnnLandmarkTransformer changed = Change(removedLandmarks, removedNonLandmarks, added, history, Parallelism);
        using IChannel channel = Env.Start("Changing landmarks");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"{history.AddedLandmarkRows:N0} landmark rows and {history.AddedNonLandmarkRows:N0} non-landmark rows came, "
            + $"{history.RemovedLandmarkRows:N0} and {history.RemovedNonLandmarkRows:N0} went, in {seconds:F2} s."));
        Voting.RowsSinceFit.Tell(changed.RowsSinceFit, changed.LandmarkRowCount + changed.NonLandmarkRowCount,
            _settings.IsTuned ? ["weights that a tuning chose"] : [], channel);
        return changed;
    }

    private KnnLandmarkTransformer Change(IReadOnlyList<int> removedLandmarks, IReadOnlyList<int> removedNonLandmarks,
        LandmarkRows? added, LandmarkChange history, ParallelOptions parallelism)
    {
        HashSet<int> goneLandmarks = [.. removedLandmarks], goneNonLandmarks = [.. removedNonLandmarks];
        var landmarks = RowChange.Of(LandmarkRowCount, goneLandmarks.Contains, added?.Landmarks.Count ?? 0);
        var nonLandmarks = RowChange.Of(NonLandmarkRowCount, goneNonLandmarks.Contains, added?.NonLandmarks.Count ?? 0);
        if (landmarks.Sources.Length == 0)
            throw Errors.NoLandmarkLeft(LandmarkRowCount);
        if (nonLandmarks.Sources.Length == 0 && NonLandmarkRowCount > 0)
            throw Errors.NoNonLandmarkLeft(NonLandmarkRowCount);
        MemoryLandmarkIndex index = new LandmarkIndexChange(RowsInMemory, _settings.NumberOfTrainingPenaltyNeighbors,
            _settings.SameLandmarkSmoothing ?? 0, parallelism, Env).Apply(landmarks, nonLandmarks, added, _settings.Rows.Label);
        return new KnnLandmarkTransformer(Env, _settings, index, Lineage)
        {
            MaxDegreeOfParallelism = MaxDegreeOfParallelism,
            TuningResult = TuningResult,
            Changes = history == new LandmarkChange { Time = history.Time } ? Changes : [.. Changes, history],
            OfFit = OfFit.After(landmarks, nonLandmarks),
        };
    }

    private DataViewSchema.DetachedColumn ToColumn(AnswerPart part, string name)
    {
        int places = _settings.PlacesOf(part);
        return part switch
        {
            AnswerPart.PredictedLabel => Index.Labels.ToColumn(name),
            AnswerPart.NeighborLabels or AnswerPart.TopLabels => Index.Labels.ToColumn(name, places),
            AnswerPart.Neighbors => IdColumn(Index.KnowsIds),
            AnswerPart.NonLandmarkNeighbors => IdColumn(Index.KnowsNonLandmarkIds),
            AnswerPart.IsLandmark => new(name, BooleanDataViewType.Instance),
            AnswerPart.Scores => Index.Labels.ToNumbersColumn(name),
            _ => new(name, places == 0 ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, places)),
        };

        DataViewSchema.DetachedColumn IdColumn(bool knowsIds)
            => new(name, new VectorDataViewType(knowsIds ? TextDataViewType.Instance : NumberDataViewType.Int64, places));
    }
}
