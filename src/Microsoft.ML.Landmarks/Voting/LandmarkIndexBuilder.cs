using System.Diagnostics;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Reads training rows, computes the penalties of the landmark rows and makes the index of all; or the penalties of some
/// alone.</summary>
internal sealed class LandmarkIndexBuilder(
    LandmarkOptions options, SearchDevice? device, IHostEnvironment env, IChannel channel)
{
    private readonly LandmarkRowReader _reader = new(options.FittedColumns, options.CancellationToken);
    private LandmarkRows _rows = null!;
    // Null where they are not smoothed.
    private UnitRows? _unsmoothed;
    // The number of each landmark row that is kept; null where all are.
    private int[]? _numbers;

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

    /// <summary>Reads rows whose labels say which of them are landmarks. Of these, those are kept which the penalties of a shard
    /// need.</summary>
    public void AddTrainingRows(IDataView view, LandmarkShard shard)
    {
        // Others may be among the rows that one is smoothed with.
        if (options.SameLandmarkSmoothing > 0)
            _rows = _reader.Read(view);
        else
            (_rows, _numbers) = _reader.ReadShard(view, shard);
    }

    /// <summary>Reads rows that are all non-landmarks, after the training rows.</summary>
    public void AddNonLandmarks(IDataView view) => _rows = _reader.ReadNonLandmarks(view, _rows);

    /// <summary>Checks the rows that were read, and says what there are.</summary>
    /// <exception cref="InvalidOperationException">There is no landmark row, or no non-landmark row where one is needed.</exception>
    public void CheckRows()
    {
        _reader.Warn(channel);
        (UnitRows landmarks, UnitRows nonLandmarks) = (_rows.Landmarks, _rows.NonLandmarks);
        if (_reader.LandmarkCount == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, nonLandmarks.Count, _reader.LeftOutCount);
        if (nonLandmarks.Count == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, _reader.LeftOutCount, takesMore: true);
        if (_numbers is not null)
            return;
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

    /// <summary>The penalties of the landmark rows of a shard, in their order, as the index would have them; they are searched for as they
    /// are asked for.</summary>
    /// <param name="shard">That for which the rows were read.</param>
    /// <param name="progress">Told how many landmark rows have their penalties; null where nobody asks.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IEnumerable<LandmarkPenalty> FindPenalties(LandmarkShard shard, IProgress<long>? progress)
    {
        int[] numbers = _numbers ?? [.. Enumerable.Range(0, _rows.Landmarks.Count).Where(row => shard.Holds(_rows.Ids![row]))];
        UnitRows own = _numbers is null ? _rows.Landmarks.Take(numbers) : _rows.Landmarks;
        channel.Info(MessageSensitivity.None, $"Shard {shard}: {own.Count} of {_reader.LandmarkCount} rows of landmarks and "
            + $"{NonLandmarkCount} non-landmark rows, {own.Dimension} dimensions.");
        int count = NearestNonLandmarks.CountOf(options.NumberOfTrainingPenaltyNeighbors, NonLandmarkCount);
        if (count == 0 || own.Count == 0)
        {
            progress?.Report(own.Count);
            foreach (int number in numbers)
                yield return new LandmarkPenalty(OfWhitenedRows: false, number, [], []);
            yield break;
        }

        ParallelOptions parallelism = options.CreateParallelOptions();
        using INeighborEngine engine = CreateNonLandmarkEngine(own, own.Count, parallelism);
        foreach ((int first, int searched, ReadOnlyMemory<Neighbor> nearest)
            in NeighborEngines.SearchAll(engine, own, count, parallelism))
        {
            for (int i = 0; i < searched; i++)
            {
                parallelism.CancellationToken.ThrowIfCancellationRequested();
                Neighbor[] found = nearest.Slice(i * count, count).ToArray();
                yield return new LandmarkPenalty(OfWhitenedRows: false, numbers[first + i],
                    Array.ConvertAll(found, neighbor => neighbor.Row), Array.ConvertAll(found, neighbor => neighbor.Score));
            }

            progress?.Report(first + searched);
        }
    }

    /// <summary>The index of the rows that were read and checked.</summary>
    /// <param name="queries">How many queries of the landmark rows will come; null where nobody knows.</param>
    /// <param name="given">The penalties of all landmark rows, where others have found them; null where they are searched for.</param>
    /// <param name="progress">Told how many landmark rows have their penalties; null where nobody asks.</param>
    /// <exception cref="InvalidOperationException">Penalties are given that a search would not find.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public MemoryLandmarkIndex Build(long? queries, IEnumerable<LandmarkPenalty>? given, IProgress<long>? progress)
    {
        ParallelOptions parallelism = options.CreateParallelOptions();
        GivenPenalties? penaltiesGiven = given is null ? null : new GivenPenalties(given, _rows.Landmarks, _rows.NonLandmarks,
            NearestNonLandmarks.CountOf(options.NumberOfTrainingPenaltyNeighbors, NonLandmarkCount), parallelism);
        INeighborEngine engine
            = CreateNonLandmarkEngine(_rows.Landmarks, penaltiesGiven?.SampleSize ?? _rows.Landmarks.Count, parallelism);
        double[] penalties;
        NearestNonLandmarks? nearest;
        try
        {
            penalties = ComputePenalties(engine, penaltiesGiven, parallelism, progress, out nearest);
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        var gallery = new Gallery(_rows.Landmarks, Labels, _rows.Ids, penalties, _rows.NonLandmarks, _rows.NonLandmarkIds, _unsmoothed);
        return MemoryLandmarkIndex.Complete(gallery, engine, nearest, device, queries, parallelism, env);
    }

    private INeighborEngine CreateNonLandmarkEngine(UnitRows landmarks, int queries, ParallelOptions parallelism)
        => MemoryLandmarkIndex.CreateNonLandmarkEngine(_rows.NonLandmarks, landmarks, device, queries, parallelism, env);

    private double[] ComputePenalties(INeighborEngine engine, GivenPenalties? given, ParallelOptions parallelism,
        IProgress<long>? progress, out NearestNonLandmarks? nearest)
    {
        (UnitRows landmarks, UnitRows nonLandmarks) = (_rows.Landmarks, _rows.NonLandmarks);
        var penalties = new double[landmarks.Count];
        nearest = null;
        int count = Math.Min(options.NumberOfTrainingPenaltyNeighbors, nonLandmarks.Count);
        int keptCount = NearestNonLandmarks.CountOf(count, nonLandmarks.Count);
        NearestNonLandmarks? kept = count == 0 ? null : NearestNonLandmarks.Allocate(landmarks, keptCount);
        long start = Stopwatch.GetTimestamp();
        if (given is not null)
            given.Visit(engine, Take, progress);
        else if (count > 0)
            NearestNonLandmarks.Search(engine, landmarks, kept is null ? count : keptCount, parallelism, Take, progress);
        else
            progress?.Report(penalties.Length);
        nearest = kept;
        if (count == 0)
            return penalties;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        channel.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"Penalties of {penalties.Length:N0} rows in {seconds:F2} s, {penalties.Length / seconds:N0} rows a second."));
        return penalties;

        void Take(int row, ReadOnlySpan<NonLandmarkNeighbor> found)
        {
            penalties[row] = Penalty.Mean(found[..count]);
            kept?.Set(row, found);
        }
    }
}
