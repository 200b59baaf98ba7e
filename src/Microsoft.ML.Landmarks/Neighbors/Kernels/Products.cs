using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// The products of a few queries with a few rows, the innermost loop of the search. Both are packed by dimension, so that one instruction
/// multiplies a value of one query with those of many rows.
/// </summary>
internal static partial class Products
{
    /// <summary>Queries in a group.</summary>
    public const int Queries = 12;

    /// <summary>Rows in a panel.</summary>
    public const int Rows = 16;

    private const int DimensionsAtOnce = 32;

    /// <summary>products[q, r] = query q · row r, summed in single precision, dimension by dimension from the first.</summary>
    /// <param name="group">[d, <see cref="Queries"/>].</param>
    /// <param name="panel">[d, <see cref="Rows"/>].</param>
    /// <param name="products">[<see cref="Queries"/>, <see cref="Rows"/>], overwritten.</param>
    public static void Compute(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        Debug.Assert(group.Length / Queries == panel.Length / Rows && products.Length == Queries * Rows);
        if (Vector512.IsHardwareAccelerated)
            Compute512(group, panel, products);
        else if (Vector256.IsHardwareAccelerated)
            Compute256(group, panel, products);
        else if (Vector128.IsHardwareAccelerated)
            Compute128(group, panel, products);
        else
            ComputeScalar(group, panel, products);
    }

    /// <summary>Bit r is set where products[r] - penalties[r] is not below the threshold. Shapes: [<see cref="Rows"/>], [<see cref="Rows"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint NotBelow(ReadOnlySpan<float> products, ReadOnlySpan<float> penalties, float threshold)
    {
        uint bits = 0;
        Vector256<float> limit = Vector256.Create(threshold);
        for (int row = 0; row < Rows; row += Vector256<float>.Count)
        {
            Vector256<float> scores = Vector256.Create(products[row..]) - Vector256.Create(penalties[row..]);
            bits |= Vector256.GreaterThanOrEqual(scores, limit).ExtractMostSignificantBits() << row;
        }

        return bits;
    }

    /// <summary>Packs rows by dimension: packed[i, n] is value i of row n; places beyond the rows are 0.</summary>
    /// <param name="rows">[n, d], n at most <paramref name="width"/>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="width">Places for rows.</param>
    /// <param name="packed">[d, <paramref name="width"/>], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ReadOnlySpan<float> rows, int dimension, int width, Span<float> packed)
    {
        int count = rows.Length / dimension;
        if (count < width)
            packed.Clear();
        // A few dimensions at a time, so that the lines that are written stay near.
        for (int start = 0; start < dimension; start += DimensionsAtOnce)
        {
            int length = Math.Min(DimensionsAtOnce, dimension - start);
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> values = rows.Slice(row * dimension + start, length);
                for (int i = 0, place = start * width + row; i < values.Length; i++, place += width)
                    packed[place] = values[i];
            }
        }
    }
}
