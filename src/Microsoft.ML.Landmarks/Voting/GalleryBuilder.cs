using System.Diagnostics;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Voting.Tuning;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Reads training rows and computes the penalties of the landmark rows.</summary>
internal sealed class GalleryBuilder(KnnLandmarkEstimator.Options options, SearchDevice? device, IHostEnvironment env, IChannel channel)
{
    private readonly LeftOutRows _leftOut = new();
    private UnitRows? _landmarks;
    private UnitRows? _nonLandmarks;
    private LandmarkLabels? _labels;
    private List<string>? _ids;

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
            _ids = [];
        }

        _landmarks = new UnitRows(features.Dimension);
        _nonLandmarks = new UnitRows(features.Dimension);
        while (cursor.MoveNext())
        {
            bool isLandmark = labels.ReadIsLandmark();
            if (!TryRead(features))
                continue;
            (isLandmark ? _landmarks : _nonLandmarks).Add(features.UnitRow);
            if (!isLandmark)
                continue;
            labels.Add();
            if (readId is not null)
                _ids!.Add(readId());
        }

        _labels = labels.ToLabels();
    }

    /// <summary>Reads rows that are all non-landmarks, after the training rows.</summary>
    public void AddNonLandmarks(IDataView view)
    {
        using DataViewRowCursor cursor = OpenCursor(view, [], out FeatureReader features);
        if (features.Dimension != _nonLandmarks!.Dimension)
            throw Errors.ColumnType("feature", options.FeatureColumnName, $"Vector<Single, {_nonLandmarks.Dimension}>", features.Type.Describe());
        while (cursor.MoveNext())
        {
            if (TryRead(features))
                _nonLandmarks.Add(features.UnitRow);
        }
    }

    /// <summary>The fitted rows, the engine by which their penalties were found, and with a tuning what was seen of its queries.</summary>
    /// <exception cref="InvalidOperationException">There is no landmark row, or no non-landmark row where one is needed.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public (Gallery Gallery, INeighborEngine NonLandmarks, LeaveOneOutQueries? Queries) Build()
    {
        if (_leftOut.Missing > 0)
            channel.Warning(MessageSensitivity.None, Errors.MissingRows(_leftOut.Missing));
        if (_leftOut.Zeros > 0)
            channel.Warning(MessageSensitivity.None, Errors.ZeroRows(_leftOut.Zeros));
        if (_landmarks!.Count == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, _nonLandmarks!.Count, _leftOut.Count);
        if (_nonLandmarks!.Count == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, _leftOut.Count);
        if (UnitRows.AreAlike(_landmarks, _nonLandmarks))
            channel.Warning(MessageSensitivity.None, Errors.RowsAlike((long)_landmarks.Count + _nonLandmarks.Count));
        channel.Info(MessageSensitivity.None, $"{_landmarks.Count} rows of {_labels!.LandmarkCount} landmarks and {_nonLandmarks.Count} non-landmark rows, {_landmarks.Dimension} dimensions.");
        INeighborEngine engine = Gallery.CreateNonLandmarkEngine(_nonLandmarks, _landmarks, device, _landmarks.Count,
            options.CreateParallelOptions(), env);
        try
        {
            LeaveOneOutQueries? queries = options.LeaveOneOut is not { } leaveOneOut ? null : new LeaveOneOutQueries(leaveOneOut, _labels.LandmarkOfRow, _nonLandmarks.Count);
            return (new Gallery(_landmarks, _labels, _ids?.ToArray(), ComputePenalties(engine, queries), _nonLandmarks), engine, queries);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    // Asked at each row, so that a cancelled Fit stops while its input is read too.
    private bool TryRead(FeatureReader features)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        return features.TryRead();
    }

    private double[] ComputePenalties(INeighborEngine engine, LeaveOneOutQueries? queries)
    {
        var penalties = new double[_landmarks!.Count];
        int penaltyCount = Math.Min(options.NumberOfTrainingPenaltyNeighbors, _nonLandmarks!.Count), k = queries?.NeighborCount ?? penaltyCount;
        if (k == 0)
        {
            options.Progress?.Report(penalties.Length);
            return penalties;
        }

        ParallelOptions parallelism = options.CreateParallelOptions();
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        foreach (ReadOnlyMemory<float> block in _landmarks.Blocks)
        {
            int rows = block.Length / _landmarks.Dimension, most = NeighborEngines.QueriesAtOnce(k, rows);
            var nearest = new Neighbor[most * k];
            for (int first = 0; first < rows; first += most)
            {
                int count = Math.Min(most, rows - first);
                ReadOnlyMemory<float> part = block.Slice(first * _landmarks.Dimension, count * _landmarks.Dimension);
                engine.Search(part, k, nearest.AsMemory(0, count * k), parallelism);
                for (int row = 0; row < count; row++)
                {
                    options.CancellationToken.ThrowIfCancellationRequested();
                    Span<Neighbor> own = nearest.AsSpan(row * k, k);
                    penalties[done + row] = Penalty.Mean(own[..penaltyCount]);
                    queries?.Add(done + row, own);
                }

                done += count;
                options.Progress?.Report(done);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Penalties of {done:N0} rows in {seconds:F2} s, {done / seconds:N0} rows a second."));
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
