using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks;

internal static partial class ByteProducts
{
    // As the kernel of 256 bits; 32 registers hold the 16-bit sums of 6 queries x 32 rows.
    private const int QueriesInTile512 = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute512(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums, Span<ulong> hits)
    {
        int chunks = dimension / CoordinatesInChunk, partLength = leaf.Dimension * RowsInPart;
        hits.Clear();
        ref int threshold = ref MemoryMarshal.GetReference(thresholds);
        for (int part = 0; part < Rows / RowsInPart; part += 2)
        {
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes), part * partLength);
            ref int constants = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Constants), part * RowsInPart);
            for (int query = 0; query < Queries; query += QueriesInTile512)
            {
                ref int tileSums = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), query * Rows + part * RowsInPart);
                AddTile512(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query), ref Unsafe.Add(ref MemoryMarshal.GetReference(group.LaneStarts), query),
                    ref rows, partLength, ref constants, ref tileSums, chunks);
                for (int i = 0; i < QueriesInTile512; i++)
                    hits[query + i] |= NotBelow512(ref Unsafe.Add(ref tileSums, i * Rows), Unsafe.Add(ref threshold, query + i)) << (part * RowsInPart);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile512(ref uint q, ref uint starts, ref byte rows, int partLength, ref int constants, ref int sums, int chunks)
    {
        // A chunk adds to what it finds: to the constants at first, which are those of every query.
        ref int from = ref constants;
        int fromStride = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            Vector512<short> s0a = Vector512.Create(starts).AsInt16(), s1a = Vector512.Create(Unsafe.Add(ref starts, 1)).AsInt16();
            Vector512<short> s2a = Vector512.Create(Unsafe.Add(ref starts, 2)).AsInt16(), s3a = Vector512.Create(Unsafe.Add(ref starts, 3)).AsInt16();
            Vector512<short> s4a = Vector512.Create(Unsafe.Add(ref starts, 4)).AsInt16(), s5a = Vector512.Create(Unsafe.Add(ref starts, 5)).AsInt16();
            Vector512<short> s0b = s0a, s1b = s1a, s2b = s2a, s3b = s3a, s4b = s4a, s5b = s5a;
            for (int step = 0; step < StepsInChunk; step++)
            {
                Vector512<byte> a = Vector512.LoadUnsafe(ref rows), b = Vector512.LoadUnsafe(ref rows, (nuint)partLength);
                Vector512<sbyte> v = Vector512.Create(q).AsSByte();
                s0a += AddPairs512(a, v);
                s0b += AddPairs512(b, v);
                v = Vector512.Create(Unsafe.Add(ref q, 1)).AsSByte();
                s1a += AddPairs512(a, v);
                s1b += AddPairs512(b, v);
                v = Vector512.Create(Unsafe.Add(ref q, 2)).AsSByte();
                s2a += AddPairs512(a, v);
                s2b += AddPairs512(b, v);
                v = Vector512.Create(Unsafe.Add(ref q, 3)).AsSByte();
                s3a += AddPairs512(a, v);
                s3b += AddPairs512(b, v);
                v = Vector512.Create(Unsafe.Add(ref q, 4)).AsSByte();
                s4a += AddPairs512(a, v);
                s4b += AddPairs512(b, v);
                v = Vector512.Create(Unsafe.Add(ref q, 5)).AsSByte();
                s5a += AddPairs512(a, v);
                s5b += AddPairs512(b, v);
                q = ref Unsafe.Add(ref q, Queries);
                rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
            }

            Widen512(s0a, s0b, ref from, ref sums);
            Widen512(s1a, s1b, ref Unsafe.Add(ref from, fromStride), ref Unsafe.Add(ref sums, Rows));
            Widen512(s2a, s2b, ref Unsafe.Add(ref from, 2 * fromStride), ref Unsafe.Add(ref sums, 2 * Rows));
            Widen512(s3a, s3b, ref Unsafe.Add(ref from, 3 * fromStride), ref Unsafe.Add(ref sums, 3 * Rows));
            Widen512(s4a, s4b, ref Unsafe.Add(ref from, 4 * fromStride), ref Unsafe.Add(ref sums, 4 * Rows));
            Widen512(s5a, s5b, ref Unsafe.Add(ref from, 5 * fromStride), ref Unsafe.Add(ref sums, 5 * Rows));
            from = ref sums;
            fromStride = Rows;
            starts = ref Unsafe.Add(ref starts, Queries);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen512(Vector512<short> a, Vector512<short> b, ref int from, ref int to)
    {
        (Vector512.LoadUnsafe(ref from) + WidenPairs512(a)).StoreUnsafe(ref to);
        (Vector512.LoadUnsafe(ref from, (nuint)Vector512<int>.Count) + WidenPairs512(b)).StoreUnsafe(ref to, (nuint)Vector512<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow512(ref int sums, int threshold)
    {
        Vector512<int> limit = Vector512.Create(threshold);
        return Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref sums), limit).ExtractMostSignificantBits()
            | Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref sums, (nuint)Vector512<int>.Count), limit).ExtractMostSignificantBits() << Vector512<int>.Count;
    }

    // The same numbers from two instructions of half the width, so that the tests reach this kernel where the processor lacks the one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> AddPairs512(Vector512<byte> rows, Vector512<sbyte> query) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(rows, query)
        : Vector512.Create(Avx2.MultiplyAddAdjacent(rows.GetLower(), query.GetLower()), Avx2.MultiplyAddAdjacent(rows.GetUpper(), query.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> WidenPairs512(Vector512<short> sums) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(sums, Vector512<short>.One)
        : Vector512.Create(Avx2.MultiplyAddAdjacent(sums.GetLower(), Vector256<short>.One), Avx2.MultiplyAddAdjacent(sums.GetUpper(), Vector256<short>.One));
}
