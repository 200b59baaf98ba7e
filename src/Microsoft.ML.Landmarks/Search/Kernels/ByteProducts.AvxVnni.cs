using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    // 12 sums of 32 bits, the rows of a step and a query's coordinates fill 15 of 16 registers.
    private const int QueriesInTileVnni = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeVnni(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
    {
        int steps = dimension / CoordinatesInStep, partLength = leaf.Dimension * RowsInPart;
        hits.Clear();
        // Where the sums over these coordinates start.
        ref int starts = ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Starts), (dimension / CoordinatesInChunk - 1) * Queries);
        ref int threshold = ref MemoryMarshal.GetReference(thresholds);
        for (int part = 0; part < Rows / RowsInPart; part++)
        {
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes), part * partLength);
            ref int constants = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Constants), part * RowsInPart);
            for (int query = 0; query < Queries; query += QueriesInTileVnni)
            {
                ref int tileSums = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), query * Rows + part * RowsInPart);
                ComputeTileVnni(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query), ref Unsafe.Add(ref starts, query),
                    ref rows, ref constants, ref tileSums, steps);
                for (int i = 0; i < QueriesInTileVnni; i++)
                    hits[query + i] |= (ulong)NotBelow256(ref Unsafe.Add(ref tileSums, i * Rows),
                        Unsafe.Add(ref threshold, query + i)) << (part * RowsInPart);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTileVnni(ref uint q, ref int starts, ref byte rows, ref int constants, ref int sums, int steps)
    {
        Vector256<int> ca = Vector256.LoadUnsafe(ref constants), cb = Vector256.LoadUnsafe(ref constants, (nuint)Vector256<int>.Count),
            start = Vector256.Create(starts);
        Vector256<int> s0a = ca + start, s0b = cb + start;
        start = Vector256.Create(Unsafe.Add(ref starts, 1));
        Vector256<int> s1a = ca + start, s1b = cb + start;
        start = Vector256.Create(Unsafe.Add(ref starts, 2));
        Vector256<int> s2a = ca + start, s2b = cb + start;
        start = Vector256.Create(Unsafe.Add(ref starts, 3));
        Vector256<int> s3a = ca + start, s3b = cb + start;
        start = Vector256.Create(Unsafe.Add(ref starts, 4));
        Vector256<int> s4a = ca + start, s4b = cb + start;
        start = Vector256.Create(Unsafe.Add(ref starts, 5));
        Vector256<int> s5a = ca + start, s5b = cb + start;
        for (int step = 0; step < steps; step++)
        {
            Vector256<byte> a = Vector256.LoadUnsafe(ref rows), b = Vector256.LoadUnsafe(ref rows, (nuint)Vector256<byte>.Count);
            Vector256<sbyte> v = Vector256.Create(q).AsSByte();
            s0a = AddFours256(s0a, a, v);
            s0b = AddFours256(s0b, b, v);
            v = Vector256.Create(Unsafe.Add(ref q, 1)).AsSByte();
            s1a = AddFours256(s1a, a, v);
            s1b = AddFours256(s1b, b, v);
            v = Vector256.Create(Unsafe.Add(ref q, 2)).AsSByte();
            s2a = AddFours256(s2a, a, v);
            s2b = AddFours256(s2b, b, v);
            v = Vector256.Create(Unsafe.Add(ref q, 3)).AsSByte();
            s3a = AddFours256(s3a, a, v);
            s3b = AddFours256(s3b, b, v);
            v = Vector256.Create(Unsafe.Add(ref q, 4)).AsSByte();
            s4a = AddFours256(s4a, a, v);
            s4b = AddFours256(s4b, b, v);
            v = Vector256.Create(Unsafe.Add(ref q, 5)).AsSByte();
            s5a = AddFours256(s5a, a, v);
            s5b = AddFours256(s5b, b, v);
            q = ref Unsafe.Add(ref q, Queries);
            rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
        }

        Store256(s0a, s0b, ref sums);
        Store256(s1a, s1b, ref Unsafe.Add(ref sums, Rows));
        Store256(s2a, s2b, ref Unsafe.Add(ref sums, 2 * Rows));
        Store256(s3a, s3b, ref Unsafe.Add(ref sums, 3 * Rows));
        Store256(s4a, s4b, ref Unsafe.Add(ref sums, 4 * Rows));
        Store256(s5a, s5b, ref Unsafe.Add(ref sums, 5 * Rows));
    }

    // The same numbers from two instructions, so that the tests reach this kernel where the processor lacks the one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AddFours256(Vector256<int> sum, Vector256<byte> rows, Vector256<sbyte> query) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum, rows, query)
        : sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(rows, query), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store256(Vector256<int> a, Vector256<int> b, ref int to)
    {
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, (nuint)Vector256<int>.Count);
    }
}
