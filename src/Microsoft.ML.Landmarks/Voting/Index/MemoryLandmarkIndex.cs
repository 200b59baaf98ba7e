using System.Buffers;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>
/// The fitted rows, and what finds those that are near: it owns the engines, and disposes them in their order. Safe for use by several
/// threads.
/// </summary>
internal sealed class MemoryLandmarkIndex : LandmarkIndex
{
    // Enough for the engines to be at their fastest.
    private const int MostQueriesAtOnce = 4096;

    private readonly INeighborEngine _landmarks, _nonLandmarks;
    private readonly Lock _weighing = new();
    // They share what the engine of the penalties themselves prepared.
    private readonly Dictionary<double, INeighborEngine> _weighted = [];

    /// <param name="gallery">The rows.</param>
    /// <param name="landmarks">Searches the landmark rows less their penalties.</param>
    /// <param name="nonLandmarks">Searches the non-landmarks.</param>
    /// <param name="nearest">The non-landmarks that are nearest to each landmark row; null where they are not kept.</param>
    public MemoryLandmarkIndex(
        Gallery gallery, INeighborEngine landmarks, INeighborEngine nonLandmarks, NearestNonLandmarks? nearest = null)
    {
        Gallery = gallery;
        _landmarks = landmarks;
        _nonLandmarks = nonLandmarks;
        Nearest = nearest;
    }

    public Gallery Gallery { get; }

    /// <summary>The non-landmarks that are nearest to each landmark row; null where they are not kept.</summary>
    public NearestNonLandmarks? Nearest { get; }

    /// <inheritdoc/>
    public override int Dimension => Gallery.Landmarks.Dimension;

    /// <inheritdoc/>
    public override long LandmarkRowCount => Gallery.Landmarks.Count;

    /// <inheritdoc/>
    public override long NonLandmarkRowCount => Gallery.NonLandmarks.Count;

    internal override ExternalRows? External => null;

    // A change makes an index of its own.
    internal override bool HasChanged => false;

    internal override LandmarkLabels Labels => Gallery.Labels;

    internal override bool KnowsIds => Gallery.Ids is not null;

    internal override bool KnowsNonLandmarkIds => Gallery.NonLandmarkIds is not null;

    internal override int MostNeighbors => Gallery.Landmarks.Count;

    internal override int MostNonLandmarks => Gallery.NonLandmarks.Count;

    internal override int MostLandmarks => Labels.LandmarkCount;

    /// <summary>Where rows are searched; null for the CPU.</summary>
    public SearchDevice? Device { get; private init; }

    /// <summary>An index of rows that were fitted before, which is ready at once: nobody knows how many queries will come.</summary>
    /// <param name="gallery">The rows.</param>
    /// <param name="nearest">What is kept; null for nothing.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="env">Its log is told the choice.</param>
    public static MemoryLandmarkIndex Open(Gallery gallery, NearestNonLandmarks? nearest, SearchDevice? device, ParallelOptions parallelism,
        IHostEnvironment env)
    {
        INeighborEngine nonLandmarks
            = CreateNonLandmarkEngine(gallery.NonLandmarks, gallery.Landmarks, device, queries: null, parallelism, env);
        return Complete(gallery, nonLandmarks, nearest, device, queries: null, parallelism, env);
    }

    /// <summary>Searches non-landmarks, for rows like <paramref name="landmarks"/>.</summary>
    /// <param name="nonLandmarks">[v, d].</param>
    /// <param name="landmarks">[n, d].</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="queries">How many queries will come; null where nobody knows.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="env">Its log is told the choice.</param>
    /// <exception cref="OperationCanceledException">The preparation was cancelled.</exception>
    public static INeighborEngine CreateNonLandmarkEngine(UnitRows nonLandmarks, UnitRows landmarks, SearchDevice? device, long? queries,
        ParallelOptions parallelism, IHostEnvironment env)
        => NeighborEngines.Create(RowsOf(nonLandmarks, landmarks), device, queries, parallelism, LogOf(env));

    /// <summary>The index of rows whose non-landmarks are searched already; where it can't be made, their engine is disposed.</summary>
    /// <param name="gallery">The rows.</param>
    /// <param name="nonLandmarks">Made by <see cref="CreateNonLandmarkEngine"/>.</param>
    /// <param name="nearest">What is kept; null for nothing.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="queries">How many queries of the landmark rows will come; null where nobody knows.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="env">Its log is told the choice.</param>
    /// <exception cref="OperationCanceledException">The preparation was cancelled.</exception>
    public static MemoryLandmarkIndex Complete(Gallery gallery, INeighborEngine nonLandmarks, NearestNonLandmarks? nearest,
        SearchDevice? device, long? queries, ParallelOptions parallelism, IHostEnvironment env)
    {
        try
        {
            return new MemoryLandmarkIndex(gallery,
                NeighborEngines.Create(RowsOf(gallery), device, queries, parallelism, LogOf(env)), nonLandmarks, nearest)
            { Device = device };
        }
        catch
        {
            nonLandmarks.Dispose();
            throw;
        }
    }

    /// <summary>Searches the non-landmarks after a change, by way of what searches them now.</summary>
    /// <param name="change">How they came of those before.</param>
    /// <param name="nonLandmarks">[v, d].</param>
    /// <param name="landmarks">[n, d].</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="env">Its log is told the choice.</param>
    public INeighborEngine ChangeNonLandmarkEngine(RowChange change, UnitRows nonLandmarks, UnitRows landmarks,
        ParallelOptions parallelism, IHostEnvironment env)
        => NeighborEngines.Change(_nonLandmarks, change, RowsOf(nonLandmarks, landmarks), Device, parallelism, LogOf(env));

    /// <summary>The index after a change, which goes on with what was prepared.</summary>
    /// <param name="change">How its landmark rows came of these.</param>
    /// <param name="gallery">The rows.</param>
    /// <param name="nonLandmarks">Made by <see cref="ChangeNonLandmarkEngine"/>.</param>
    /// <param name="nearest">What is kept; null for nothing.</param>
    /// <param name="parallelism">Threads and cancellation of the preparation.</param>
    /// <param name="env">Its log is told the choice.</param>
    public MemoryLandmarkIndex Change(RowChange change, Gallery gallery, INeighborEngine nonLandmarks, NearestNonLandmarks? nearest,
        ParallelOptions parallelism, IHostEnvironment env) => new(gallery,
        NeighborEngines.Change(_landmarks, change, RowsOf(gallery), Device, parallelism, LogOf(env)), nonLandmarks, nearest)
        { Device = Device };

    internal override long[] CountRows()
    {
        var counts = new long[Labels.LandmarkCount];
        foreach (int landmark in Labels.LandmarkOfRow)
            counts[landmark]++;
        return counts;
    }

    // Rows are in memory, so the work is done when this returns.
    internal override ValueTask SearchAsync(ReadOnlyMemory<float> queries, LandmarkRequest request, LandmarkMatches matches,
        ParallelOptions parallelism)
    {
        int d = Gallery.Landmarks.Dimension;
        int neighborCount = Math.Min(request.Neighbors, Gallery.Landmarks.Count);
        int nonLandmarkCount = Math.Min(request.NonLandmarks, Gallery.NonLandmarks.Count);
        matches.Reset(queries.Length / d, neighborCount, nonLandmarkCount);
        (matches.IdOf, matches.NonLandmarkIdOf) = (row => Gallery.Ids![row], row => Gallery.NonLandmarkIds![row]);
        Find(EngineOf(request.PenaltyWeight), queries, neighborCount, parallelism, (query, nearest) =>
        {
            Span<LandmarkNeighbor> neighbors = matches.NeighborsOf(query);
            for (int i = 0; i < nearest.Length; i++)
                neighbors[i] = Describe(queries.Span.Slice(query * d, d), nearest[i], request.PenaltyWeight);
        });
        Find(_nonLandmarks, queries, nonLandmarkCount, parallelism,
            (query, nearest) => NonLandmarkNeighbor.Of(nearest, matches.NonLandmarksOf(query)));
        return ValueTask.CompletedTask;
    }

    /// <summary>Visits queries, many at a time, each with the landmark rows that are nearest to it.</summary>
    /// <param name="queries">[q, d], of unit length.</param>
    /// <param name="asked">The numbers of those that are visited.</param>
    /// <param name="count">How many rows of each, no more than there are.</param>
    /// <param name="penaltyWeight">The factor of the rows' penalties.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="visit">Given the number of each query and its nearest rows, best first, by several threads.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void VisitNearestLandmarks(UnitRows queries, int[] asked, int count, double penaltyWeight, ParallelOptions parallelism,
        Action<int, ReadOnlySpan<Neighbor>> visit)
    {
        foreach (int[] batch in asked.Chunk(NeighborEngines.QueriesAtOnce(count, MostQueriesAtOnce)))
            Find(EngineOf(penaltyWeight), queries.Gather(batch), count, parallelism, (i, nearest) => visit(batch[i], nearest));
    }

    internal override ValueTask ExpandAsync(Memory<float> queries, int count, double penaltyWeight, ParallelOptions parallelism)
    {
        int d = Gallery.Landmarks.Dimension;
        Find(EngineOf(penaltyWeight), queries, Math.Min(count, Gallery.Landmarks.Count), parallelism,
            (query, nearest) => QueryExpansion.Average(queries.Span.Slice(query * d, d), nearest, Gallery.Landmarks, new double[d]));
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Visits the landmark rows in order, each with the non-landmarks that are nearest to it. Those are searched for where they are not
    /// kept.
    /// </summary>
    /// <param name="count">How many of each row, at least 1, no more than there are.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="visit">Given each row and its own.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void VisitNearestNonLandmarks(int count, ParallelOptions parallelism, NearestNonLandmarks.Visitor visit)
    {
        if (Nearest?.Count >= count)
            Nearest.Visit(count, visit);
        else
            NearestNonLandmarks.Search(_nonLandmarks, Gallery.Landmarks, count, parallelism, visit);
    }

    /// <summary>Frees what searches with this weight took, while there is none; a later one makes it anew.</summary>
    public void Release(double penaltyWeight)
    {
        lock (_weighing)
        {
            if (_weighted.Remove(penaltyWeight, out INeighborEngine? engine))
                engine.Dispose();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_weighing)
        {
            foreach (INeighborEngine engine in _weighted.Values)
                engine.Dispose();
        }

        _landmarks.Dispose();
        _nonLandmarks.Dispose();
    }

    private INeighborEngine EngineOf(double penaltyWeight)
    {
        if (penaltyWeight == 1)
            return _landmarks;
        lock (_weighing)
        {
            if (!_weighted.TryGetValue(penaltyWeight, out INeighborEngine? engine))
                _weighted.Add(penaltyWeight, engine = _landmarks.WithPenalties(Gallery.WeightedPenalties(penaltyWeight)));
            return engine;
        }
    }

    /// <summary>A landmark row that is near a query, with all that a vote asks for.</summary>
    /// <param name="query">[d], of unit length.</param>
    /// <param name="neighbor">The row, and its score.</param>
    /// <param name="penaltyWeight">The factor of the rows' penalties.</param>
    public LandmarkNeighbor Describe(ReadOnlySpan<float> query, Neighbor neighbor, double penaltyWeight) => new(neighbor.Row,
        Gallery.Labels.LandmarkOfRow[neighbor.Row], ExactDot.Compute(query, Gallery.Landmarks[neighbor.Row]),
        penaltyWeight * Gallery.Penalties[neighbor.Row], neighbor.Score);

    /// <param name="engine">Searches the rows.</param>
    /// <param name="queries">[q, d].</param>
    /// <param name="count">k, no more than there are rows.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <param name="take">Given each query and its k nearest rows, best first, by several threads.</param>
    private void Find(INeighborEngine engine, ReadOnlyMemory<float> queries, int count, ParallelOptions parallelism,
        Action<int, ReadOnlySpan<Neighbor>> take)
    {
        int queryCount = queries.Length / Gallery.Landmarks.Dimension;
        if (count == 0 || queryCount == 0)
            return;
        Neighbor[] nearest = ArrayPool<Neighbor>.Shared.Rent(checked(queryCount * count));
        try
        {
            engine.Search(queries, count, nearest.AsMemory(0, queryCount * count), parallelism);
            ParallelLoop.For(queryCount, parallelism, query => take(query, nearest.AsSpan(query * count, count)));
        }
        finally
        {
            ArrayPool<Neighbor>.Shared.Return(nearest);
        }
    }

    private static SearchedRows RowsOf(Gallery gallery) => new("Landmarks", gallery.Landmarks, gallery.Penalties, gallery.Landmarks);

    private static SearchedRows RowsOf(UnitRows nonLandmarks, UnitRows landmarks)
        => new("Non-landmarks", nonLandmarks, Penalties: null, landmarks);

    private static Action<string> LogOf(IHostEnvironment env) => message =>
    {
        using IChannel channel = env.Start("Searching landmarks");
        channel.Info(MessageSensitivity.None, message);
    };
}
