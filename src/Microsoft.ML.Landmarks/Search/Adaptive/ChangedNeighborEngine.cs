using System.Buffers;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>
/// Exact search of rows most of which another engine searches: what that has prepared is used on. Those that it does not know are searched
/// beside it, by all products. Those that are gone get a penalty there with which every other row is nearer.
/// </summary>
internal sealed class ChangedNeighborEngine : INeighborEngine
{
    // Cosines lie between -1 and 1 but for rounding: with the largest penalty and this, a row scores less than any other.
    private const double MoreThanCosines = 3;

    private readonly INeighborEngine _origin, _known;
    private readonly FusedNeighborEngine _beside;
    private readonly RowChange _change;
    private readonly UnitRows _rows, _besideRows;
    // [n of the origin], the number of each of its rows now, and [m], the numbers of those beside it, which rise.
    private readonly int[] _numbers, _besideNumbers;

    /// <param name="origin">Searches the rows before. It may be disposed while this one searches, and the other way round.</param>
    /// <param name="change">How the rows came of them.</param>
    /// <param name="rows">The rows to find, [n, d].</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    public ChangedNeighborEngine(INeighborEngine origin, RowChange change, UnitRows rows, double[]? penalties)
        : this(origin, change, change.NumbersNow(), change.NumbersOfAdded(), rows, besideRows: null, penalties)
    {
    }

    private ChangedNeighborEngine(INeighborEngine origin, RowChange change, int[] numbers, int[] besideNumbers, UnitRows rows,
        UnitRows? besideRows, double[]? penalties)
    {
        _origin = origin;
        _change = change;
        _numbers = numbers;
        _besideNumbers = besideNumbers;
        _rows = rows;
        _besideRows = besideRows ?? rows.Take(besideNumbers);
        _known = origin.WithPenalties(PenaltiesOfKnown(penalties));
        _beside = new FusedNeighborEngine(_besideRows, penalties is null ? null : Array.ConvertAll(besideNumbers, row => penalties[row]));
    }

    /// <summary>The engine that was there before all changes, and these as one.</summary>
    public static (INeighborEngine Origin, RowChange Change) Trace(INeighborEngine engine, RowChange change)
        => engine is ChangedNeighborEngine changed ? (changed._origin, change.After(changed._change)) : (engine, change);

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int k = numberOfNeighbors, count = queries.Length / _rows.Dimension;
        int fromKnown = Math.Min(k, KnownCount), fromBeside = Math.Min(k, _besideNumbers.Length);
        Neighbor[] known = ArrayPool<Neighbor>.Shared.Rent(checked(count * fromKnown)),
            beside = ArrayPool<Neighbor>.Shared.Rent(checked(count * fromBeside));
        try
        {
            if (fromKnown > 0)
                _known.Search(queries, fromKnown, known.AsMemory(0, count * fromKnown), parallelism);
            if (fromBeside > 0)
                _beside.Search(queries, fromBeside, beside.AsMemory(0, count * fromBeside), parallelism);
            for (int query = 0; query < count; query++)
                Merge(known.AsSpan(query * fromKnown, fromKnown), beside.AsSpan(query * fromBeside, fromBeside),
                    best.Span.Slice(query * k, k));
        }
        finally
        {
            ArrayPool<Neighbor>.Shared.Return(known);
            ArrayPool<Neighbor>.Shared.Return(beside);
        }
    }

    public INeighborEngine WithPenalties(double[] penalties)
        => new ChangedNeighborEngine(_origin, _change, _numbers, _besideNumbers, _rows, _besideRows, penalties);

    // The engine that was there first is another's.
    public void Dispose() => _known.Dispose();

    private int KnownCount => _rows.Count - _besideNumbers.Length;

    private double[] PenaltiesOfKnown(double[]? penalties)
    {
        double largest = penalties is null or [] ? 0 : penalties.Max(Math.Abs);
        return Array.ConvertAll(_numbers,
            row => row == RowChange.Gone ? MoreThanCosines + largest : penalties is null ? 0 : penalties[row]);
    }

    // Numbers of each side rise with those that its engine gives, so that its rows are in order.
    private void Merge(ReadOnlySpan<Neighbor> known, ReadOnlySpan<Neighbor> beside, Span<Neighbor> best)
    {
        for (int i = 0; i < best.Length; i++)
        {
            Neighbor left = known.IsEmpty ? Neighbor.None : known[0] with { Row = _numbers[known[0].Row] };
            Neighbor right = beside.IsEmpty ? Neighbor.None : beside[0] with { Row = _besideNumbers[beside[0].Row] };
            if (beside.IsEmpty || (!known.IsEmpty && left.CompareTo(right) < 0))
            {
                best[i] = left;
                known = known.IsEmpty ? known : known[1..];
            }
            else
            {
                best[i] = right;
                beside = beside[1..];
            }
        }
    }
}
