using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks;

internal static partial class ByteProducts
{
    // 16 registers hold the 16-bit sums of 4 queries x 16 rows, the rows of a step and a query's coordinates; 6 queries don't fit and are slower.
    // The 32-bit sums wait in memory. Sums are named one by one: the compiler keeps no array in registers.
    private const int QueriesInTile256 = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute256(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums, Span<ulong> hits)
    {
        int chunks = dimension / CoordinatesInChunk, partLength = leaf.Dimension * RowsInPart;
        hits.Clear();
        ref int threshold = ref MemoryMarshal.GetReference(thresholds);
        for (int part = 0; part < Rows / RowsInPart; part++)
        {
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes), part * partLength);
            ref int constants = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Constants), part * RowsInPart);
            for (int query = 0; query < Queries; query += QueriesInTile256)
            {
                ref int tileSums = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), query * Rows + part * RowsInPart);
                // Few tiles have hits: their places are looked up only there.
                if (!AddTile256(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query), ref Unsafe.Add(ref MemoryMarshal.GetReference(group.LaneStarts), query),
                    ref rows, ref constants, ref tileSums, ref Unsafe.Add(ref threshold, query), chunks))
                    continue;
                for (int i = 0; i < QueriesInTile256; i++)
                    hits[query + i] |= (ulong)NotBelow256(ref Unsafe.Add(ref tileSums, i * Rows), Unsafe.Add(ref threshold, query + i)) << (part * RowsInPart);
            }
        }
    }

    /// <summary>Whether any sum is not below its query's threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AddTile256(ref uint q, ref uint starts, ref byte rows, ref int constants, ref int sums, ref int thresholds, int chunks)
    {
        // A chunk adds to what it finds: to the constants at first, which are those of every query.
        ref int from = ref constants;
        int fromStride = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            Vector256<short> s0a = Vector256.Create(starts).AsInt16(), s1a = Vector256.Create(Unsafe.Add(ref starts, 1)).AsInt16();
            Vector256<short> s2a = Vector256.Create(Unsafe.Add(ref starts, 2)).AsInt16(), s3a = Vector256.Create(Unsafe.Add(ref starts, 3)).AsInt16();
            Vector256<short> s0b = s0a, s1b = s1a, s2b = s2a, s3b = s3a;
            for (int step = 0; step < StepsInChunk; step++)
            {
                Vector256<byte> a = Vector256.LoadUnsafe(ref rows), b = Vector256.LoadUnsafe(ref rows, (nuint)Vector256<byte>.Count);
                Vector256<sbyte> v = Vector256.Create(q).AsSByte();
                s0a += Avx2.MultiplyAddAdjacent(a, v);
                s0b += Avx2.MultiplyAddAdjacent(b, v);
                v = Vector256.Create(Unsafe.Add(ref q, 1)).AsSByte();
                s1a += Avx2.MultiplyAddAdjacent(a, v);
                s1b += Avx2.MultiplyAddAdjacent(b, v);
                v = Vector256.Create(Unsafe.Add(ref q, 2)).AsSByte();
                s2a += Avx2.MultiplyAddAdjacent(a, v);
                s2b += Avx2.MultiplyAddAdjacent(b, v);
                v = Vector256.Create(Unsafe.Add(ref q, 3)).AsSByte();
                s3a += Avx2.MultiplyAddAdjacent(a, v);
                s3b += Avx2.MultiplyAddAdjacent(b, v);
                q = ref Unsafe.Add(ref q, Queries);
                rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
            }

            Widen256(s0a, s0b, ref from, ref sums);
            Widen256(s1a, s1b, ref Unsafe.Add(ref from, fromStride), ref Unsafe.Add(ref sums, Rows));
            Widen256(s2a, s2b, ref Unsafe.Add(ref from, 2 * fromStride), ref Unsafe.Add(ref sums, 2 * Rows));
            Widen256(s3a, s3b, ref Unsafe.Add(ref from, 3 * fromStride), ref Unsafe.Add(ref sums, 3 * Rows));
            from = ref sums;
            fromStride = Rows;
            starts = ref Unsafe.Add(ref starts, Queries);
        }

        Vector256<int> below = AreBelow256(ref sums, thresholds) & AreBelow256(ref Unsafe.Add(ref sums, Rows), Unsafe.Add(ref thresholds, 1))
            & AreBelow256(ref Unsafe.Add(ref sums, 2 * Rows), Unsafe.Add(ref thresholds, 2)) & AreBelow256(ref Unsafe.Add(ref sums, 3 * Rows), Unsafe.Add(ref thresholds, 3));
        return below != Vector256<int>.AllBitsSet;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AreBelow256(ref int sums, int threshold)
    {
        Vector256<int> limit = Vector256.Create(threshold);
        return Vector256.GreaterThan(limit, Vector256.LoadUnsafe(ref sums)) & Vector256.GreaterThan(limit, Vector256.LoadUnsafe(ref sums, (nuint)Vector256<int>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen256(Vector256<short> a, Vector256<short> b, ref int from, ref int to)
    {
        Vector256<short> one = Vector256<short>.One;
        (Vector256.LoadUnsafe(ref from) + Avx2.MultiplyAddAdjacent(a, one)).StoreUnsafe(ref to);
        (Vector256.LoadUnsafe(ref from, (nuint)Vector256<int>.Count) + Avx2.MultiplyAddAdjacent(b, one)).StoreUnsafe(ref to, (nuint)Vector256<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NotBelow256(ref int sums, int threshold)
    {
        Vector256<int> limit = Vector256.Create(threshold - 1);
        return Vector256.GreaterThan(Vector256.LoadUnsafe(ref sums), limit).ExtractMostSignificantBits()
            | Vector256.GreaterThan(Vector256.LoadUnsafe(ref sums, (nuint)Vector256<int>.Count), limit).ExtractMostSignificantBits() << Vector256<int>.Count;
    }
}
