using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>
/// Finds the landmark rows that are nearest to queries once rows have come and gone, from those that were nearest before: only rows that
/// are new, or whose penalty is another, are compared with the queries.
/// </summary>
internal sealed class NearestLandmarksUpdate
{
    // Of more rows, a search of all, which may have been prepared, is as fast.
    private const int LeastRowsForOneThatChanged = 8;

    private readonly int[] _numbers, _lastBefore, _changed;
    private readonly bool[] _isChanged;
    private readonly int _countBefore;
    private readonly Gallery _now;
    private readonly double _penaltyWeight;

    /// <param name="before">The landmark rows before.</param>
    /// <param name="now">Those that there are now.</param>
    /// <param name="change">How they came of those before.</param>
    /// <param name="penaltyWeight">The factor of the rows' penalties.</param>
    public NearestLandmarksUpdate(Gallery before, Gallery now, RowChange change, double penaltyWeight)
    {
        (_now, _penaltyWeight) = (now, penaltyWeight);
        _countBefore = before.Landmarks.Count;
        _numbers = change.NumbersNow();
        _lastBefore = new int[_countBefore];
        int last = -1;
        for (int row = 0; row < _countBefore; row++)
            _lastBefore[row] = last = _numbers[row] == RowChange.Gone ? last : _numbers[row];
        bool isSmoothed = now.Unsmoothed is not null;
        _isChanged = [.. change.Sources.Select((source, row) => source == RowChange.New
            || penaltyWeight * before.Penalties[source] != penaltyWeight * now.Penalties[row]
            || (isSmoothed && !before.Landmarks[source].SequenceEqual(now.Landmarks[row])))];
        _changed = [.. Enumerable.Range(0, _isChanged.Length).Where(row => _isChanged[row])];
    }

    /// <summary>Whether it is less work than to ask anew.</summary>
    public bool IsWorthwhile => _changed.Length <= _now.Landmarks.Count / LeastRowsForOneThatChanged;

    /// <summary>Finds what can be told without asking anew.</summary>
    /// <param name="queries">[q, d], those that there are now.</param>
    /// <param name="change">How they came of those before.</param>
    /// <param name="before">Of the queries before.</param>
    /// <param name="now">Overwritten, of each query with those that are known then: none of a new one.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Apply(UnitRows queries, RowChange change, NearestLandmarks before, NearestLandmarks now, ParallelOptions parallelism)
    {
        var changed = new UnitRows(_now.Landmarks.Dimension);
        foreach (int row in _changed)
            changed.Add(_now.Landmarks[row]);
        var engine = new FusedNeighborEngine(changed, [.. _changed.Select(row => _penaltyWeight * _now.Penalties[row])]);
        int count = Math.Min(now.Count, _changed.Length);
        foreach ((int first, int asked, ReadOnlyMemory<Neighbor> found) in NeighborEngines.SearchAll(engine, queries, count, parallelism))
        {
            ParallelLoop.For(asked, parallelism, i =>
            {
                int query = first + i, source = change.Sources[query];
                if (source == RowChange.New)
                    now.Set(query, ReadOnlySpan<Neighbor>.Empty);
                else
                    Merge(before.Of(source), found.Span.Slice(i * count, count), now, query);
            });
        }
    }

    /// <param name="before">What was known of a query.</param>
    /// <param name="changed">The nearest of the rows that changed, by their numbers among these.</param>
    /// <param name="now">Gets what is known now.</param>
    /// <param name="query">The query.</param>
    private void Merge(ReadOnlySpan<Neighbor> before, ReadOnlySpan<Neighbor> changed, NearestLandmarks now, int query)
    {
        // Rows that were not known came after the last that was. What comes after its place now may come after one of them.
        Neighbor last = before.Length == _countBefore ? new Neighbor(int.MaxValue, double.NegativeInfinity)
            : before.IsEmpty ? new Neighbor(-1, double.PositiveInfinity) : new Neighbor(_lastBefore[before[^1].Row], before[^1].Score);
        Span<Neighbor> merged = new Neighbor[now.Count];
        int length = 0, next = 0;
        foreach (Neighbor neighbor in before)
        {
            int row = _numbers[neighbor.Row];
            if (row == RowChange.Gone || _isChanged[row])
                continue;
            var stayed = new Neighbor(row, neighbor.Score);
            while (length < merged.Length && next < changed.Length && Number(changed[next]).CompareTo(stayed) < 0)
                merged[length++] = Number(changed[next++]);
            if (length < merged.Length)
                merged[length++] = stayed;
        }

        while (length < merged.Length && next < changed.Length)
            merged[length++] = Number(changed[next++]);
        while (length > 0 && merged[length - 1].CompareTo(last) > 0)
            length--;
        now.Set(query, merged[..length]);
    }

    private Neighbor Number(Neighbor changed) => new(_changed[changed.Row], changed.Score);
}
