using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

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

    /// <summary>Bit r of candidates[q] is set where products[q, r] - penalties[r] is not below thresholds[q].</summary>
    /// <param name="products">[<see cref="Queries"/>, <see cref="Rows"/>].</param>
    /// <param name="penalties">[<see cref="Rows"/>].</param>
    /// <param name="thresholds">[<see cref="Queries"/>].</param>
    /// <param name="candidates">[<see cref="Queries"/>], overwritten.</param>
    /// <returns>Whether any bit is set.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool FindNotBelow(ReadOnlySpan<float> products, ReadOnlySpan<float> penalties, ReadOnlySpan<float> thresholds,
        Span<uint> candidates)
    {
        Vector256<float> penalties0 = Vector256.Create(penalties), penalties1 = Vector256.Create(penalties[Vector256<float>.Count..]);
        uint any = 0;
        for (int query = 0; query < Queries; query++)
        {
            Vector256<float> limit = Vector256.Create(thresholds[query]);
            ReadOnlySpan<float> own = products.Slice(query * Rows, Rows);
            uint bits = Vector256.GreaterThanOrEqual(Vector256.Create(own) - penalties0, limit).ExtractMostSignificantBits()
                | Vector256.GreaterThanOrEqual(Vector256.Create(own[Vector256<float>.Count..]) - penalties1,
                    limit).ExtractMostSignificantBits() << Vector256<float>.Count;
            candidates[query] = bits;
            any |= bits;
        }

        return any != 0;
    }

    /// <summary>One of the parts of so many values into which rows are packed; the last may be shorter.</summary>
    public static ReadOnlySpan<float> Part(ReadOnlySpan<float> rows, int part, int length)
        => rows[(part * length)..Math.Min((part + 1) * length, rows.Length)];

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
