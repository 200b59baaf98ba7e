using System.Numerics.Tensors;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Rows scaled to unit length, in Single: [n, d], row-major, in blocks, so that it grows without copying and has no limit of 2^31
/// values.</summary>
internal sealed class UnitRows
{
    private const int ValuesReadAtOnce = 1 << 18;

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

    // So many rows, or as many as the block has room for.
    private Span<float> Append(int most)
    {
        int start = Count % _rowsInBlock;
        if (Count == _blocks.Count * (long)_rowsInBlock)
            _blocks.Add(GC.AllocateUninitializedArray<float>(_rowsInBlock * Dimension));
        int rows = Math.Min(most, _rowsInBlock - start);
        Count += rows;
        return _blocks[^1].AsSpan(start * Dimension, rows * Dimension);
    }
}
