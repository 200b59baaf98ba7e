using System.Numerics.Tensors;

namespace Microsoft.ML.Landmarks;

/// <summary>Rows scaled to unit length, in Single: [n, d], row-major, in blocks, so that it grows without copying and has no limit of 2^31 values.</summary>
internal sealed class UnitRows
{
    private readonly int _rowsInBlock;
    private readonly List<float[]> _blocks = [];

    /// <param name="dimension">Values of a row, d.</param>
    /// <param name="valuesInBlock">About so many values make a block, of at least one row.</param>
    public UnitRows(int dimension, int valuesInBlock = 1 << 22)
    {
        Dimension = dimension;
        _rowsInBlock = Math.Max(1, valuesInBlock / dimension);
    }

    public int Dimension { get; }

    public int Count { get; private set; }

    public ReadOnlySpan<float> this[int row] => _blocks[row / _rowsInBlock].AsSpan(row % _rowsInBlock * Dimension, Dimension);

    /// <summary>The rows in order, many at a time: [rows, d] each.</summary>
    public IEnumerable<ReadOnlyMemory<float>> Blocks
    {
        get
        {
            for (int i = 0; i < _blocks.Count; i++)
                yield return _blocks[i].AsMemory(0, Math.Min(_rowsInBlock, Count - i * _rowsInBlock) * Dimension);
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

    /// <summary>Appends a row that has unit length.</summary>
    public void Add(ReadOnlySpan<float> unitRow) => unitRow.CopyTo(Append());

    /// <summary>Reads <paramref name="count"/> rows of unit length.</summary>
    public static UnitRows Read(Stream stream, int count, int dimension)
    {
        var rows = new UnitRows(dimension);
        while (rows.Count < count)
            stream.ReadValues(rows.Append());
        return rows;
    }

    public void Write(Stream stream)
    {
        foreach (ReadOnlyMemory<float> block in Blocks)
            stream.WriteValues(block.Span);
    }

    private Span<float> Append()
    {
        if (Count == _blocks.Count * (long)_rowsInBlock)
            _blocks.Add(GC.AllocateUninitializedArray<float>(_rowsInBlock * Dimension));
        return _blocks[^1].AsSpan(Count++ % _rowsInBlock * Dimension, Dimension);
    }
}
