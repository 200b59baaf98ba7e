using System.Diagnostics;
using Microsoft.ML.Landmarks.Labels;
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
    private readonly LandmarkRowReader _reader = new(options.FittedColumns, options.CancellationToken);
    private LandmarkRows _rows = null!;
    // Null where they are not smoothed.
    private UnitRows? _unsmoothed;

    /// <summary>The label of each landmark row, once all rows are read.</summary>
    public LandmarkLabels Labels => _rows.Labels;

    /// <summary>The non-landmark rows that were read.</summary>
    public int NonLandmarkCount => _rows.NonLandmarks.Count;

    /// <summary>Reads rows whose labels say which of them are landmarks.</summary>
    public void AddTrainingRows(IDataView view)
    {
        _rows = _reader.Read(view);
        if (options.ScoresColumnName is not null)
            Labels.CheckPlaces(options.LabelColumnName, KnnLandmarkSettings.MostPlaces);
    }

    /// <summary>Reads rows that are all non-landmarks, after the training rows.</summary>
    public void AddNonLandmarks(IDataView view) => _rows = _reader.ReadNonLandmarks(view, _rows);

    /// <summary>Checks the rows that were read, and says what there are.</summary>
    /// <exception cref="InvalidOperationException">There is no landmark row, or no non-landmark row where one is needed.</exception>
    public void CheckRows()
    {
        _reader.Warn(channel);
        (UnitRows landmarks, UnitRows nonLandmarks) = (_rows.Landmarks, _rows.NonLandmarks);
        if (landmarks.Count == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, nonLandmarks.Count, _reader.LeftOutCount);
        if (nonLandmarks.Count == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, _reader.LeftOutCount, takesMore: true);
        if (UnitRows.AreAlike(landmarks, nonLandmarks))
            channel.Warning(MessageSensitivity.None, Errors.RowsAlike((long)landmarks.Count + nonLandmarks.Count));
        channel.Info(MessageSensitivity.None,
            $"{landmarks.Count} rows of {Labels.LandmarkCount} landmarks and {nonLandmarks.Count} non-landmark rows, "
            + $"{landmarks.Dimension} dimensions.");
    }

    /// <summary>Smooths the landmark rows, where that is asked for.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Smooth()
    {
        if (options.SameLandmarkSmoothing == 0)
            return;
        long start = Stopwatch.GetTimestamp();
        _unsmoothed = _rows.Landmarks;
        UnitRows smoothed = RowSmoothing.Smooth(
            _unsmoothed, Labels.LandmarkOfRow, options.SameLandmarkSmoothing, options.CreateParallelOptions());
        _rows = _rows with { Landmarks = smoothed };
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"Smoothed {smoothed.Count:N0} rows in {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s."));
    }

    /// <summary>The index of the rows that were read and checked.</summary>
    /// <param name="queries">How many queries of the landmark rows will come; null where nobody knows.</param>
    /// <param name="progress">Told how many landmark rows have their penalties; null where nobody asks.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public MemoryLandmarkIndex Build(long? queries, IProgress<long>? progress)
    {
        ParallelOptions parallelism = options.CreateParallelOptions();
        INeighborEngine engine = MemoryLandmarkIndex.CreateNonLandmarkEngine(
            _rows.NonLandmarks, _rows.Landmarks, device, _rows.Landmarks.Count, parallelism, env);
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

        var gallery = new Gallery(_rows.Landmarks, Labels, _rows.Ids, penalties, _rows.NonLandmarks, _rows.NonLandmarkIds, _unsmoothed);
        return MemoryLandmarkIndex.Complete(gallery, engine, nearest, device, queries, parallelism, env);
    }

    private double[] ComputePenalties(INeighborEngine engine, ParallelOptions parallelism, IProgress<long>? progress,
        out NearestNonLandmarks? nearest)
    {
        (UnitRows landmarks, UnitRows nonLandmarks) = (_rows.Landmarks, _rows.NonLandmarks);
        var penalties = new double[landmarks.Count];
        nearest = null;
        int count = Math.Min(options.NumberOfTrainingPenaltyNeighbors, nonLandmarks.Count);
        if (count == 0)
        {
            progress?.Report(penalties.Length);
            return penalties;
        }

        int keptCount = NearestNonLandmarks.CountOf(count, nonLandmarks.Count);
        NearestNonLandmarks? kept = NearestNonLandmarks.Allocate(landmarks, keptCount);
        long start = Stopwatch.GetTimestamp();
        NearestNonLandmarks.Search(engine, landmarks, kept is null ? count : keptCount, parallelism, (row, found) =>
        {
            penalties[row] = Penalty.Mean(found[..count]);
            kept?.Set(row, found);
        }, progress);
        nearest = kept;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"Penalties of {penalties.Length:N0} rows in {seconds:F2} s, {penalties.Length / seconds:N0} rows a second."));
        return penalties;
    }
}
