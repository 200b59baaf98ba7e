using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>Makes of a fitted model that of other rows: what was learned stays, and its verdict is judged anew.</summary>
internal sealed class RecognitionChange
{
    private readonly IHostEnvironment _env;
    private readonly RecognitionModel _model;
    private readonly LandmarkRecognizingEstimator.Options _options;
    private readonly IChannel _channel;
    private readonly HeldOutRows? _heldOut;
    private readonly FoldRows? _folds;

    /// <param name="env">The environment.</param>
    /// <param name="model">The model before, which stays as it is.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="channel">Told what comes of it; in use as long as this is.</param>
    public RecognitionChange(IHostEnvironment env, RecognitionModel model, ParallelOptions parallelism, IChannel channel)
    {
        _env = env;
        _model = model;
        _channel = channel;
        FittedColumns rows = model.Landmarks.Settings.Rows;
        _options = new LandmarkRecognizingEstimator.Options
        {
            FeatureColumnName = rows.Features,
            LabelColumnName = rows.Label,
            IdColumnName = rows.Id,
            NonLandmarkLabel = rows.NonLandmarkLabel,
            MaxDegreeOfParallelism = parallelism.MaxDegreeOfParallelism > 0 ? parallelism.MaxDegreeOfParallelism : null,
            CancellationToken = parallelism.CancellationToken,
        };
        (_heldOut, _folds) = (model.Verdict?.Calibration.HeldOut, model.Verdict?.Calibration.Folds);
    }

    private KnnLandmarkTransformer Landmarks => _model.Landmarks;

    private string[] NonLandmarkIds => Landmarks.Gallery.NonLandmarkIds ?? [];

    private string[] HeldOutIds => _heldOut?.Ids ?? [];

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features.</exception>
    /// <exception cref="ArgumentException">Ids are not as they may be.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RecognitionModel Add(IDataView rows, bool replace, IDataView? names)
    {
        // Before hours of work on photographs: a file of names may be broken, labels be of another type, and ids be taken.
        IReadOnlyDictionary<string, string> named = names is null ? new Dictionary<string, string>() : LandmarkNames.Read(names);
        DataViewSchema.Column features = FeatureReader.GetColumn(rows.Schema, _options.FeatureColumnName, _model.Dimension);
        if (_model.Lineage.FindOther(Lineage.Of(rows.Schema, features)) is { } other)
            throw Errors.OtherSteps(LandmarkRecognizingTransformer.LoaderName, other.Column, other.Found, other.Fitted);
        Landmarks.Gallery.Labels.CheckKind(rows.Schema.GetColumn("label", _options.LabelColumnName));
        if (_options.IdColumnName is { } idColumn)
            FindReplaced(RowIds.Read(rows, idColumn), replace);
        var added = TrainingRows.ReadMore(rows, _options, _channel, out _);
        HashSet<string> replaced = FindReplaced(added.Ids ?? [], replace);
        RemovedRows removed = Find(replaced);
        return Change(removed, row => row.Id is { } id && replaced.Contains(id), Choose(added, removed), named);
    }

    /// <exception cref="ArgumentException">No row has one of the ids.</exception>
    /// <exception cref="InvalidOperationException">The model was fitted without ids, or too few rows would be left.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RecognitionModel Remove(IEnumerable<string> ids)
    {
        string[] landmarkIds = Landmarks.Gallery.Ids ?? throw Errors.ModelWithoutIds();
        HashSet<string> removed = RowIds.CheckRemoved(ids, [.. landmarkIds, .. NonLandmarkIds, .. HeldOutIds]);
        return Change(Find(removed), row => removed.Contains(row.Id!), added: null, named: new Dictionary<string, string>());
    }

    /// <exception cref="ArgumentException">The model has no landmark with one of the labels.</exception>
    /// <exception cref="InvalidOperationException">No landmark would be left.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RecognitionModel RemoveLandmarks(IEnumerable<string> labels)
    {
        HashSet<string?> removed = [.. labels];
        return Change(new RemovedRows(Landmarks.FindLandmarks(removed!), [], []),
            row => row.Label is not null && removed.Contains(row.Label), added: null, named: new Dictionary<string, string>());
    }

    private HashSet<string> FindReplaced(IReadOnlyCollection<string> added, bool replace)
        => RowIds.CheckAdded(added, [.. Landmarks.Gallery.Ids ?? [], .. NonLandmarkIds, .. HeldOutIds], replace);

    private RemovedRows Find(HashSet<string> ids) => new(RowIds.Find(Landmarks.Gallery.Ids ?? [], ids), RowIds.Find(NonLandmarkIds, ids),
        RowIds.Find(HeldOutIds, ids));

    // Each third of the non-landmarks that are new is held out. What replaces a row that is held out is held out too, and what replaces one
    // that was learned from is not: mostly it shows the same.
    private AddedRows Choose(TrainingRows rows, RemovedRows replaced)
    {
        if (_heldOut is null)
            return new AddedRows(rows, [], NewNonLandmarks: 0);
        Gallery gallery = Landmarks.Gallery;
        HashSet<string> learned = [.. replaced.Landmarks.Select(row => gallery.Ids![row]),
            .. replaced.NonLandmarks.Select(row => NonLandmarkIds[row])], heldOut = [.. replaced.HeldOut.Select(row => HeldOutIds[row])];
        heldOut.ExceptWith(learned);
        int[] fresh = [.. rows.NonLandmarks.Where(row => !Replaces(row, learned) && !Replaces(row, heldOut))];
        int[] chosen = [.. HeldOutRows.Choose(_heldOut.NonLandmarkCount, fresh.Length).Select(number => fresh[number]),
            .. rows.NonLandmarks.Where(row => Replaces(row, heldOut))];
        return new AddedRows(rows, [.. chosen.Order()], fresh.Length);

        bool Replaces(int row, HashSet<string> ids) => rows.Ids is not null && ids.Contains(rows.Ids[row]);
    }

    private RecognitionModel Change(RemovedRows removed, Predicate<FoldRow> isRemoved, AddedRows? added,
        IReadOnlyDictionary<string, string> named)
    {
        int nonLandmarks = added?.Rows.NonLandmarkCount ?? 0;
        CheckCount(_heldOut is null ? Landmarks.NonLandmarkRowCount - removed.NonLandmarks.Length + nonLandmarks
            : _heldOut.Rows.Count - removed.HeldOut.Length + (added?.HeldOut.Length ?? 0));
        var history = new LandmarkChange
        {
            Time = DateTimeOffset.UtcNow,
            AddedLandmarkRows = (added?.Rows.Count ?? 0) - nonLandmarks,
            AddedNonLandmarkRows = nonLandmarks,
            RemovedLandmarkRows = removed.Landmarks.Length,
            RemovedNonLandmarkRows = removed.NonLandmarks.Length + removed.HeldOut.Length,
        };
        KnnLandmarkTransformer landmarks = Landmarks.Change(new FittedRowsChange(removed.Landmarks, removed.NonLandmarks,
            added is null ? null : LearnedBy(Landmarks).Whiten(added.Rows.Without(added.HeldOut)), history),
            _options.CreateParallelOptions());
        try
        {
            Verdict? verdict = Judge(landmarks, removed, isRemoved, added);
            return _model with { Landmarks = landmarks, Verdict = verdict, Names = Name(landmarks, named) };
        }
        catch
        {
            landmarks.Dispose();
            throw;
        }
    }

    // Before the work.
    private void CheckCount(int left)
    {
        if (_model.Verdict is not { } verdict || (_heldOut is null && _folds is null))
            return;
        int fewest = _heldOut is null ? VerdictPlan.FewestNonLandmarks(verdict.Rates)
            : ConformalScores.FewestFor(verdict.Rates.FalseAlarms, verdict.Rates.Confidence);
        if (left < fewest)
            throw Errors.TooFewLeftToJudgeBy(left, fewest, verdict.Rates);
    }

    private Verdict? Judge(KnnLandmarkTransformer landmarks, RemovedRows removed, Predicate<FoldRow> isRemoved, AddedRows? added)
    {
        if (_model.Verdict is not { } before)
            return null;
        if (_folds is not null)
            return JudgeFolds(landmarks, _folds.After(isRemoved, added is null ? new FoldRows([]) : FoldRows.Of(added.Rows)), before.Rates);
        if (_heldOut is null)
            _channel.Warning(MessageSensitivity.None, Errors.VerdictOfRowsBefore);
        var verdict = new Verdict(_heldOut is null ? before.Calibration with { AreProved = false }
            : CalibrateHeldOut(before.Calibration, landmarks, removed, added), before.Rates);
        _channel.Info(MessageSensitivity.None, verdict.Describe());
        return verdict;
    }

    private Verdict JudgeFolds(KnnLandmarkTransformer landmarks, FoldRows rows, VerdictRates rates)
    {
        KnnLandmarkSettings settings = landmarks.Settings;
        var options = new LandmarkRecognizingEstimator.Options
        {
            NonLandmarkLabel = FoldRows.NonLandmarkLabel,
            NumberOfNeighbors = settings.NumberOfNeighbors,
            NumberOfTrainingPenaltyNeighbors = settings.NumberOfTrainingPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors = settings.NumberOfQueryPenaltyNeighbors,
            SameLandmarkSmoothing = settings.SameLandmarkSmoothing ?? 0,
            MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism,
            CancellationToken = _options.CancellationToken,
        };
        return VerdictPlan.CreateFolds(rows, options, rates, landmarks.RowsInMemory.Device, _channel)
            .Judge(LearnedBy(landmarks), _model.Chosen.Method, FitProgress.None, _channel);
    }

    private VerdictCalibration CalibrateHeldOut(VerdictCalibration before, KnnLandmarkTransformer landmarks, RemovedRows removed,
        AddedRows? added)
    {
        HashSet<int> gone = [.. removed.Landmarks], goneHeldOut = [.. removed.HeldOut];
        var ofLandmarks = RowChange.Of(Landmarks.LandmarkRowCount, gone.Contains,
            landmarks.LandmarkRowCount - (Landmarks.LandmarkRowCount - gone.Count));
        var update = new NearestLandmarksUpdate(Landmarks.Gallery, landmarks.Gallery, ofLandmarks, landmarks.Vote.TrainingPenaltyWeight);
        TrainingRows? rows = added?.Rows.Take(added.HeldOut);
        HeldOutRows heldOut = _heldOut!.After(RowChange.Of(_heldOut!.Rows.Count, goneHeldOut.Contains, rows?.Count ?? 0),
            rows is null ? new UnitRows(landmarks.Dimension) : LearnedBy(landmarks).ReadSearched(rows), rows?.Ids,
            _heldOut.NonLandmarkCount + (added?.NewNonLandmarks ?? 0), update,
            new HeldOutAnswers(landmarks, _options.CreateParallelOptions()), out float[] scores);
        return before with { FalseAlarms = new ConformalScores(scores), HeldOut = heldOut };
    }

    // What was learned at Fit, and what answers.
    private LearnedLandmarks LearnedBy(KnnLandmarkTransformer landmarks) => new(_model.Whitening is not { } projection ? null
        : new WhiteningTransformer(_env, _options.FeatureColumnName, _options.FeatureColumnName, projection, _model.Lineage, _options),
        landmarks);

    private Dictionary<string, string> Name(KnnLandmarkTransformer landmarks, IReadOnlyDictionary<string, string> named)
    {
        HashSet<string> labels = [.. landmarks.Gallery.Labels.Texts];
        if (named.Count > 0 && !named.Keys.Any(labels.Contains))
            _channel.Warning(MessageSensitivity.UserData, Errors.NamesOfOthers(named.First().Key, labels.First()));
        var names = _model.Names.Where(name => labels.Contains(name.Key)).ToDictionary();
        foreach ((string label, string name) in named.Where(name => labels.Contains(name.Key)))
            names[label] = name;
        return names;
    }

    /// <summary>Rows that come.</summary>
    /// <param name="Rows">The rows.</param>
    /// <param name="HeldOut">The numbers of those among them that are held out, rising.</param>
    /// <param name="NewNonLandmarks">How many non-landmarks take the place of no other row.</param>
    private sealed record AddedRows(TrainingRows Rows, int[] HeldOut, int NewNonLandmarks);

    /// <summary>Rows that go, by their numbers, rising.</summary>
    private sealed record RemovedRows(int[] Landmarks, int[] NonLandmarks, int[] HeldOut);
}
