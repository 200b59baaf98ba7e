using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    // 16 registers hold the 16-bit sums of 4 queries x 16 rows, the rows of a step and a query's coordinates; 6 queries don't fit and are
    // slower. The 32-bit sums wait in memory. Sums are named one by one: the compiler keeps no array in registers.
    private const int QueriesInTile256 = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute256(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
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
                if (!AddTile256(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query),
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(group.LaneStarts), query),
                    ref rows, ref constants, ref tileSums, ref Unsafe.Add(ref threshold, query), chunks))
                    continue;
                for (int i = 0; i < QueriesInTile256; i++)
                    hits[query + i] |= (ulong)NotBelow256(ref Unsafe.Add(ref tileSums, i * Rows),
                        Unsafe.Add(ref threshold, query + i)) << (part * RowsInPart);
            }
        }
    }

    /// <summary>Whether any sum is not below its query's threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AddTile256(ref uint q, ref uint starts, ref byte rows, ref int constants, ref int sums, ref int thresholds,
        int chunks)
    {
        // A chunk adds to what it finds: to the constants at first, which are those of every query.
        ref int from = ref constants;
        int fromStride = 0;
        while (true)
        {
            Vector256<short> s0a = Vector256.Create(starts).AsInt16(), s1a = Vector256.Create(Unsafe.Add(ref starts, 1)).AsInt16();
            Vector256<short> s2a = Vector256.Create(Unsafe.Add(ref starts, 2)).AsInt16(),
                s3a = Vector256.Create(Unsafe.Add(ref starts, 3)).AsInt16();
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

            Vector256<int> t0a = Widen256(s0a, ref from), t0b = Widen256(s0b, ref Unsafe.Add(ref from, Vector256<int>.Count));
            from = ref Unsafe.Add(ref from, fromStride);
            Vector256<int> t1a = Widen256(s1a, ref from), t1b = Widen256(s1b, ref Unsafe.Add(ref from, Vector256<int>.Count));
            from = ref Unsafe.Add(ref from, fromStride);
            Vector256<int> t2a = Widen256(s2a, ref from), t2b = Widen256(s2b, ref Unsafe.Add(ref from, Vector256<int>.Count));
            from = ref Unsafe.Add(ref from, fromStride);
            Vector256<int> t3a = Widen256(s3a, ref from), t3b = Widen256(s3b, ref Unsafe.Add(ref from, Vector256<int>.Count));
            bool isLast = --chunks == 0;
            if (isLast)
            {
                Vector256<int> below = AreBelow256(t0a, t0b, thresholds) & AreBelow256(t1a, t1b, Unsafe.Add(ref thresholds, 1))
                    & AreBelow256(t2a, t2b, Unsafe.Add(ref thresholds, 2)) & AreBelow256(t3a, t3b, Unsafe.Add(ref thresholds, 3));
                // Few tiles have hits: only there are sums needed.
                if (below == Vector256<int>.AllBitsSet)
                    return false;
            }

            Store256(t0a, t0b, ref sums);
            Store256(t1a, t1b, ref Unsafe.Add(ref sums, Rows));
            Store256(t2a, t2b, ref Unsafe.Add(ref sums, 2 * Rows));
            Store256(t3a, t3b, ref Unsafe.Add(ref sums, 3 * Rows));
            if (isLast)
                return true;
            from = ref sums;
            fromStride = Rows;
            starts = ref Unsafe.Add(ref starts, Queries);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AreBelow256(Vector256<int> a, Vector256<int> b, int threshold)
        => Vector256.GreaterThan(Vector256.Create(threshold), Vector256.Max(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen256(Vector256<short> sums, ref int from)
        => Vector256.LoadUnsafe(ref from) + Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NotBelow256(ref int sums, int threshold)
    {
        Vector256<int> limit = Vector256.Create(threshold - 1);
        return Vector256.GreaterThan(Vector256.LoadUnsafe(ref sums), limit).ExtractMostSignificantBits()
            | Vector256.GreaterThan(Vector256.LoadUnsafe(ref sums, (nuint)Vector256<int>.Count),
                limit).ExtractMostSignificantBits() << Vector256<int>.Count;
    }
}
