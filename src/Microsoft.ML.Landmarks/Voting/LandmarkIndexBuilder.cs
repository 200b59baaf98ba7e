using System.Diagnostics;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Reads training rows, computes the penalties of the landmark rows and makes the index of all.</summary>
internal sealed class LandmarkIndexBuilder(
    LandmarkOptions options, SearchDevice? device, IHostEnvironment env, IChannel channel)
{
    private readonly LeftOutRows _leftOut = new();
    private UnitRows? _landmarks;
    private UnitRows? _nonLandmarks;
    private LandmarkLabels? _labels;
    private List<string>? _ids, _nonLandmarkIds;

    /// <summary>Reads rows whose labels say which of them are landmarks.</summary>
    public void AddTrainingRows(IDataView view)
    {
        DataViewSchema.Column label = view.Schema.GetColumn("label", options.LabelColumnName);
        DataViewSchema.Column? id = options.IdColumnName is null ? null : view.Schema.GetColumn("id", options.IdColumnName);
        using DataViewRowCursor cursor = OpenCursor(view, id is null ? [label] : [label, id.Value], out FeatureReader features);
        var labels = new LabelReader(cursor, label, options.NonLandmarkLabel);
        Func<string>? readId = null;
        if (id is { } idColumn)
        {
            readId = ColumnText.CreateTextReader(cursor, "id", idColumn);
            (_ids, _nonLandmarkIds) = ([], []);
        }

        _landmarks = new UnitRows(features.Dimension);
        _nonLandmarks = new UnitRows(features.Dimension);
        while (cursor.MoveNext())
        {
            bool isLandmark = labels.ReadIsLandmark();
            if (!TryRead(features))
                continue;
            (isLandmark ? _landmarks : _nonLandmarks).Add(features.UnitRow);
            if (isLandmark)
                labels.Add();
            if (readId is not null)
                (isLandmark ? _ids! : _nonLandmarkIds!).Add(readId());
        }

        _labels = labels.ToLabels();
        if (options.ScoresColumnName is not null && _labels.PlaceCount > KnnLandmarkSettings.MostPlaces)
            throw Errors.TooManyScores(label.Name, _labels.PlaceCount, KnnLandmarkSettings.MostPlaces);
    }

    /// <summary>Reads rows that are all non-landmarks, after the training rows.</summary>
    public void AddNonLandmarks(IDataView view)
    {
        DataViewSchema.Column? id = options.IdColumnName is null ? null : view.Schema.GetColumnOrNull(options.IdColumnName);
        using DataViewRowCursor cursor = OpenCursor(view, id is null ? [] : [id.Value], out FeatureReader features);
        Func<string> readId = id is null ? () => "" : ColumnText.CreateTextReader(cursor, "id", id.Value);
        if (features.Dimension != _nonLandmarks!.Dimension)
            throw Errors.ColumnType("feature", options.FeatureColumnName, $"Vector<Single, {_nonLandmarks.Dimension}>",
                features.Type.Describe());
        while (cursor.MoveNext())
        {
            if (!TryRead(features))
                continue;
            _nonLandmarks.Add(features.UnitRow);
            _nonLandmarkIds?.Add(readId());
        }
    }

    /// <summary>The label of each landmark row, once all rows are read.</summary>
    public LandmarkLabels Labels => _labels!;

    /// <summary>The non-landmark rows that were read.</summary>
    public int NonLandmarkCount => _nonLandmarks!.Count;

    /// <summary>Checks the rows that were read, and says what there are.</summary>
    /// <exception cref="InvalidOperationException">There is no landmark row, or no non-landmark row where one is needed.</exception>
    public void CheckRows()
    {
        if (_leftOut.Missing > 0)
            channel.Warning(MessageSensitivity.None, Errors.MissingRows(_leftOut.Missing));
        if (_leftOut.Zeros > 0)
            channel.Warning(MessageSensitivity.None, Errors.ZeroRows(_leftOut.Zeros));
        if (_landmarks!.Count == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, _nonLandmarks!.Count, _leftOut.Count);
        if (_nonLandmarks!.Count == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, _leftOut.Count, takesMore: true);
        if (UnitRows.AreAlike(_landmarks, _nonLandmarks))
            channel.Warning(MessageSensitivity.None, Errors.RowsAlike((long)_landmarks.Count + _nonLandmarks.Count));
        channel.Info(MessageSensitivity.None,
            $"{_landmarks.Count} rows of {_labels!.LandmarkCount} landmarks and {_nonLandmarks.Count} non-landmark rows, "
            + $"{_landmarks.Dimension} dimensions.");
    }

    /// <summary>Smooths the landmark rows, where that is asked for.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Smooth()
    {
        if (options.SameLandmarkSmoothing == 0)
            return;
        long start = Stopwatch.GetTimestamp();
        _landmarks = RowSmoothing.Smooth(_landmarks!, _labels!.LandmarkOfRow, options.SameLandmarkSmoothing,
            options.CreateParallelOptions());
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"Smoothed {_landmarks.Count:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s."));
    }

    /// <summary>The index of the rows that were read and checked.</summary>
    /// <param name="queries">How many queries of the landmark rows will come; null where nobody knows.</param>
    /// <param name="progress">Told how many landmark rows have their penalties; null where nobody asks.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public LandmarkIndex Build(long? queries, IProgress<long>? progress)
    {
        ParallelOptions parallelism = options.CreateParallelOptions();
        INeighborEngine engine
            = LandmarkIndex.CreateNonLandmarkEngine(_nonLandmarks!, _landmarks!, device, _landmarks!.Count, parallelism, env);
        double[] penalties;
        NearestNonLandmarks? nearest;
        try
        {
            penalties = ComputePenalties(engine, parallelism, progress, out nearest);
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        var gallery = new Gallery(_landmarks, _labels!, _ids?.ToArray(), penalties, _nonLandmarks!, _nonLandmarkIds?.ToArray());
        return LandmarkIndex.Complete(gallery, engine, nearest, device, queries, parallelism, env);
    }

    // Asked at each row, so that a cancelled Fit stops while its input is read too.
    private bool TryRead(FeatureReader features)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        return features.TryRead();
    }

    private double[] ComputePenalties(INeighborEngine engine, ParallelOptions parallelism, IProgress<long>? progress,
        out NearestNonLandmarks? nearest)
    {
        var penalties = new double[_landmarks!.Count];
        nearest = null;
        int count = Math.Min(options.NumberOfTrainingPenaltyNeighbors, _nonLandmarks!.Count);
        if (count == 0)
        {
            progress?.Report(penalties.Length);
            return penalties;
        }

        // The one that follows takes the place of another that is left out.
        int keptCount = Math.Min(count + 1, _nonLandmarks.Count);
        NonLandmarkNeighbor[]? kept
            = NearestNonLandmarks.IsAffordable(_landmarks, keptCount) ? new NonLandmarkNeighbor[_landmarks.Count * keptCount] : null;
        long start = Stopwatch.GetTimestamp();
        NearestNonLandmarks.Search(engine, _landmarks, kept is null ? count : keptCount, parallelism, (row, found) =>
        {
            penalties[row] = Penalty.Mean(found[..count]);
            if (kept is not null)
                found.CopyTo(kept.AsSpan(row * keptCount));
        }, progress);
        if (kept is not null)
            nearest = new NearestNonLandmarks(keptCount, kept);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"Penalties of {penalties.Length:N0} rows in {seconds:F2} s, {penalties.Length / seconds:N0} rows a second."));
        return penalties;
    }

    private DataViewRowCursor OpenCursor(IDataView view, DataViewSchema.Column[] columns, out FeatureReader features)
    {
        DataViewSchema.Column column = FeatureReader.GetColumn(view.Schema, options.FeatureColumnName, dimension: null);
        DataViewRowCursor cursor = view.GetRowCursor([column, .. columns]);
        features = new FeatureReader(cursor, column, _leftOut);
        return cursor;
    }
}
