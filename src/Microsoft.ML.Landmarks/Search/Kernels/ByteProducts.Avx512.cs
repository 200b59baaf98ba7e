using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    // 32 registers hold the 16-bit sums of 3 queries x 64 rows, as many products, the rows of a step and a query's coordinates.
    private const int QueriesInTile512 = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute512(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
    {
        hits.Clear();
        for (int query = 0; query < Queries; query += QueriesInTile512)
        {
            ComputeTile512(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(group.LaneStarts), query),
                ref MemoryMarshal.GetReference(leaf.Codes), leaf.Dimension * RowsInPart, ref MemoryMarshal.GetReference(leaf.Constants),
                    dimension / CoordinatesInChunk,
                ref Unsafe.Add(ref MemoryMarshal.GetReference(thresholds), query),
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), query * Rows),
                ref Unsafe.Add(ref MemoryMarshal.GetReference(hits), query));
        }
    }

    // Sums are named one by one: the compiler keeps no array in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTile512(ref uint q, ref uint starts, ref byte rows, nint partLength, ref int constants, int chunks,
        ref int thresholds, ref int sums, ref ulong hits)
    {
        // A chunk adds to what it finds: to the constants at first, which are those of every query.
        ref int from = ref constants;
        int fromStride = 0;
        while (true)
        {
            Vector512<short> s0a = Vector512.Create(starts).AsInt16(), s0b = s0a, s0c = s0a, s0d = s0a;
            Vector512<short> s1a = Vector512.Create(Unsafe.Add(ref starts, 1)).AsInt16(), s1b = s1a, s1c = s1a, s1d = s1a;
            Vector512<short> s2a = Vector512.Create(Unsafe.Add(ref starts, 2)).AsInt16(), s2b = s2a, s2c = s2a, s2d = s2a;
            for (int step = 0; step < StepsInChunk; step++)
            {
                Vector512<byte> a = Vector512.LoadUnsafe(ref rows), b = Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, partLength));
                Vector512<byte> c = Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 2 * partLength)),
                    d = Vector512.LoadUnsafe(ref Unsafe.Add(ref rows, 3 * partLength));
                // All products of a step, then all sums: processors multiply in some of the units that add, where a sum that is ready early
                // is in the way of a product.
                Vector512<sbyte> v = Vector512.Create(q).AsSByte();
                Vector512<short> p0a = MultiplyPairs512(a, v), p0b = MultiplyPairs512(b, v), p0c = MultiplyPairs512(c, v),
                    p0d = MultiplyPairs512(d, v);
                v = Vector512.Create(Unsafe.Add(ref q, 1)).AsSByte();
                Vector512<short> p1a = MultiplyPairs512(a, v), p1b = MultiplyPairs512(b, v), p1c = MultiplyPairs512(c, v),
                    p1d = MultiplyPairs512(d, v);
                v = Vector512.Create(Unsafe.Add(ref q, 2)).AsSByte();
                Vector512<short> p2a = MultiplyPairs512(a, v), p2b = MultiplyPairs512(b, v), p2c = MultiplyPairs512(c, v),
                    p2d = MultiplyPairs512(d, v);
                s0a += p0a;
                s0b += p0b;
                s0c += p0c;
                s0d += p0d;
                s1a += p1a;
                s1b += p1b;
                s1c += p1c;
                s1d += p1d;
                s2a += p2a;
                s2b += p2b;
                s2c += p2c;
                s2d += p2d;
                q = ref Unsafe.Add(ref q, Queries);
                rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
            }

            Vector512<int> t0a = Widen512(s0a, ref from, 0), t0b = Widen512(s0b, ref from, 1), t0c = Widen512(s0c, ref from, 2),
                t0d = Widen512(s0d, ref from, 3);
            from = ref Unsafe.Add(ref from, fromStride);
            Vector512<int> t1a = Widen512(s1a, ref from, 0), t1b = Widen512(s1b, ref from, 1), t1c = Widen512(s1c, ref from, 2),
                t1d = Widen512(s1d, ref from, 3);
            from = ref Unsafe.Add(ref from, fromStride);
            Vector512<int> t2a = Widen512(s2a, ref from, 0), t2b = Widen512(s2b, ref from, 1), t2c = Widen512(s2c, ref from, 2),
                t2d = Widen512(s2d, ref from, 3);
            bool isLast = --chunks == 0;
            if (isLast)
            {
                Vector512<int> limit0 = Vector512.Create(thresholds), limit1 = Vector512.Create(Unsafe.Add(ref thresholds, 1)),
                    limit2 = Vector512.Create(Unsafe.Add(ref thresholds, 2));
                // Few tiles have hits: their places are looked up only there.
                if ((NotBelow512(Max512(t0a, t0b, t0c, t0d), limit0) | NotBelow512(Max512(t1a, t1b, t1c, t1d), limit1)
                    | NotBelow512(Max512(t2a, t2b, t2c, t2d), limit2)) == 0)
                    return;
                hits = NotBelow512(t0a, t0b, t0c, t0d, limit0);
                Unsafe.Add(ref hits, 1) = NotBelow512(t1a, t1b, t1c, t1d, limit1);
                Unsafe.Add(ref hits, 2) = NotBelow512(t2a, t2b, t2c, t2d, limit2);
            }

            Store512(t0a, t0b, t0c, t0d, ref sums);
            Store512(t1a, t1b, t1c, t1d, ref Unsafe.Add(ref sums, Rows));
            Store512(t2a, t2b, t2c, t2d, ref Unsafe.Add(ref sums, 2 * Rows));
            if (isLast)
                return;
            from = ref sums;
            fromStride = Rows;
            starts = ref Unsafe.Add(ref starts, Queries);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen512(Vector512<short> sums, ref int from, nuint part)
        => Vector512.LoadUnsafe(ref from, part * RowsInPart) + AddPairs512(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store512(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, ref int to)
    {
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, RowsInPart);
        c.StoreUnsafe(ref to, 2 * RowsInPart);
        d.StoreUnsafe(ref to, 3 * RowsInPart);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Max512(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d)
        => Vector512.Max(Vector512.Max(a, b), Vector512.Max(c, d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow512(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, Vector512<int> limit)
        => NotBelow512(a, limit) | NotBelow512(b, limit) << RowsInPart | NotBelow512(c, limit) << (2 * RowsInPart)
        | NotBelow512(d, limit) << (3 * RowsInPart);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow512(Vector512<int> sums, Vector512<int> limit)
        => Vector512.GreaterThanOrEqual(sums, limit).ExtractMostSignificantBits();

    // The same numbers from two instructions of half the width, so that the tests reach this kernel where the processor lacks the one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> MultiplyPairs512(Vector512<byte> rows, Vector512<sbyte> query) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(rows, query)
        : Vector512.Create(Avx2.MultiplyAddAdjacent(rows.GetLower(), query.GetLower()),
        Avx2.MultiplyAddAdjacent(rows.GetUpper(), query.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> AddPairs512(Vector512<short> sums) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One)
        : Vector512.Create(Avx2.MultiplyAddAdjacent(sums.GetLower(), Vector256<short>.One),
        Avx2.MultiplyAddAdjacent(sums.GetUpper(), Vector256<short>.One));
}
