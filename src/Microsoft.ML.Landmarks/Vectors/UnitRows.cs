using System.Diagnostics;
using System.Numerics.Tensors;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Rows scaled to unit length, in Single: [n, d], row-major, in blocks, so that it grows without copying and has no limit of 2^31
/// values.</summary>
internal sealed class UnitRows
{
    private const int ValuesReadAtOnce = 1 << 18, RowsWorthTheirWork = 256;

    private readonly int _rowsInBlock;
    private readonly List<float[]> _blocks = [];
    // Where each row lies among those that the blocks hold; null where all of them are the rows, in order.
    private readonly int[]? _places;

    /// <param name="dimension">Values of a row, d.</param>
    /// <param name="valuesInBlock">About so many values make a block, of at least one row.</param>
    public UnitRows(int dimension, int valuesInBlock = 1 << 22)
    {
        Dimension = dimension;
        _rowsInBlock = Math.Max(1, valuesInBlock / dimension);
    }

    private UnitRows(UnitRows before, RowChange change, UnitRows added)
    {
        Dimension = before.Dimension;
        _rowsInBlock = before._rowsInBlock;
        HeldCount = before.HeldCount;
        _blocks = [.. before._blocks];
        // The last block has room for rows, which the rows before may take too.
        if (added.Count > 0 && HeldCount % _rowsInBlock > 0)
            _blocks[^1] = _blocks[^1].AsSpan(0, HeldCount % _rowsInBlock * Dimension).ToArray();
        int next = HeldCount;
        for (int row = 0; row < added.Count; row++)
            added[row].CopyTo(Append(1));
        if (before._places is null && change.OnlyAdds)
            return;
        _places = new int[change.Sources.Length];
        for (int row = 0; row < _places.Length; row++)
        {
            int source = change.Sources[row];
            _places[row] = source == RowChange.New ? next++ : before.PlaceOf(source);
        }
    }

    public int Dimension { get; }

    public int Count => _places?.Length ?? HeldCount;

    /// <summary>How many rows the blocks hold; those that are gone are among them.</summary>
    public int HeldCount { get; private set; }

    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            int place = PlaceOf(row);
            return _blocks[place / _rowsInBlock].AsSpan(place % _rowsInBlock * Dimension, Dimension);
        }
    }

    /// <summary>The rows in order, many at a time: [rows, d] each.</summary>
    public IEnumerable<ReadOnlyMemory<float>> Blocks
    {
        get
        {
            for (int row = 0, count; row < Count; row += count)
            {
                int place = PlaceOf(row);
                count = Math.Min(Count - row, _rowsInBlock - place % _rowsInBlock);
                if (_places is not null)
                    count = CountInRow(_places.AsSpan(row, count));
                yield return _blocks[place / _rowsInBlock].AsMemory(place % _rowsInBlock * Dimension, count * Dimension);
            }
        }
    }

    /// <summary>The rows in order, so many at a time at most: [rows, d] each. Where few of them lie in a row they are copied, so that all
    /// parts are worth their work.</summary>
    public IEnumerable<ReadOnlyMemory<float>> Batches(int most)
    {
        for (int row = 0, count; row < Count; row += count)
        {
            count = Math.Min(most, Count - row);
            int place = PlaceOf(row), room = Math.Min(count, _rowsInBlock - place % _rowsInBlock);
            int inRow = _places is null ? room : CountInRow(_places.AsSpan(row, room));
            if (inRow == count || inRow >= RowsWorthTheirWork)
                yield return _blocks[place / _rowsInBlock].AsMemory(place % _rowsInBlock * Dimension, (count = inRow) * Dimension);
            else
                yield return Gather([.. Enumerable.Range(row, count)]);
        }
    }

    /// <summary>Whether there are several rows, and nothing but rounding tells them apart.</summary>
    public static bool AreAlike(params ReadOnlySpan<UnitRows> parts)
    {
        // A network rounds its sums to Single in another order on another device.
        const float Rounding = 1e-6f;
        ReadOnlySpan<float> first = default;
        long count = 0;
        foreach (UnitRows rows in parts)
        {
            for (int row = 0; row < rows.Count; row++, count++)
            {
                if (count == 0)
                    first = rows[row];
                // Mostly the second row decides.
                if (TensorPrimitives.Distance(first, rows[row]) > Rounding)
                    return false;
            }
        }

        return count > 1;
    }

    /// <summary>The rows after a change. Blocks are shared with these rows, but for the last one where rows are added.</summary>
    /// <param name="change">Of these rows.</param>
    /// <param name="added">The new rows, in their order.</param>
    public UnitRows After(RowChange change, UnitRows added) => new(this, change, added);

    /// <summary>The same rows, in blocks that hold no others.</summary>
    public UnitRows Pack()
    {
        if (_places is null)
            return this;
        var packed = new UnitRows(Dimension, _rowsInBlock * Dimension);
        for (int row = 0; row < Count; row++)
            packed.Add(this[row]);
        return packed;
    }

    /// <summary>A copy of the values of some rows, [m, d].</summary>
    /// <param name="rows">[m], their numbers.</param>
    public float[] Gather(ReadOnlySpan<int> rows)
    {
        float[] values = GC.AllocateUninitializedArray<float>(rows.Length * Dimension);
        for (int i = 0; i < rows.Length; i++)
            this[rows[i]].CopyTo(values.AsSpan(i * Dimension));
        return values;
    }

    /// <summary>A copy of some rows.</summary>
    /// <param name="rows">Their numbers, in the order of the copies.</param>
    public UnitRows Take(ReadOnlySpan<int> rows)
    {
        var taken = new UnitRows(Dimension);
        foreach (int row in rows)
            taken.Add(this[row]);
        return taken;
    }

    /// <summary>Appends a row that has unit length; to rows that were read or added one after the other.</summary>
    public void Add(ReadOnlySpan<float> unitRow) => unitRow.CopyTo(Append(1));

    /// <summary>Reads <paramref name="count"/> rows.</summary>
    /// <param name="stream">As <see cref="Write"/> wrote them.</param>
    /// <param name="count">n.</param>
    /// <param name="dimension">d.</param>
    /// <param name="wrong">The first row that is not of unit length; null where all are.</param>
    /// <exception cref="EndOfStreamException">The stream holds fewer rows.</exception>
    public static UnitRows Read(Stream stream, int count, int dimension, out int? wrong)
    {
        wrong = null;
        var rows = new UnitRows(dimension);
        // Rows are looked at while they are in the cache.
        int most = Math.Max(1, ValuesReadAtOnce / dimension);
        while (rows.Count < count)
        {
            int first = rows.Count;
            Span<float> read = rows.Append(Math.Min(most, count - first));
            stream.ReadValues(read);
            for (int start = 0; wrong is null && start < read.Length; start += dimension)
            {
                if (!UnitVector.IsNormalized(read.Slice(start, dimension)))
                    wrong = first + start / dimension;
            }
        }

        return rows;
    }

    public void Write(Stream stream)
    {
        foreach (ReadOnlyMemory<float> block in Blocks)
            stream.WriteValues(block.Span);
    }

    private static int CountInRow(ReadOnlySpan<int> places)
    {
        int count = 1;
        while (count < places.Length && places[count] == places[0] + count)
            count++;
        return count;
    }

    private int PlaceOf(int row) => _places is null ? row : _places[row];

    // So many rows, or as many as the block has room for.
    private Span<float> Append(int most)
    {
        Debug.Assert(_places is null);
        int start = HeldCount % _rowsInBlock, rows = Math.Min(most, _rowsInBlock - start);
        if (start == 0)
            _blocks.Add([]);
        if (_blocks[^1].Length < (start + rows) * Dimension)
            Grow(start, rows);
        HeldCount += rows;
        return _blocks[^1].AsSpan(start * Dimension, rows * Dimension);
    }

    // The first block grows with its rows: many a set has few. Others are likely to be filled.
    private void Grow(int used, int rows)
    {
        int room = _blocks.Count > 1 ? _rowsInBlock : Math.Min(_rowsInBlock, Math.Max(2 * used, rows));
        float[] larger = GC.AllocateUninitializedArray<float>(room * Dimension);
        _blocks[^1].AsSpan(0, used * Dimension).CopyTo(larger);
        _blocks[^1] = larger;
    }
}
