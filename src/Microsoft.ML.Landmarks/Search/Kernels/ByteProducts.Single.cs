using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    // What the processor brings near by itself ends with the page of 4 KB that is read. Lines further ahead are asked for one by one: all
    // of a leaf at once are in the way of those that are read.
    private const int BytesAhead = 6144;

    /// <summary>
    /// sums[r] = constants[r] + query · row r over the first <paramref name="dimension"/> coordinates, for one query of a group. It keeps
    /// up with memory, which is what bounds a query that comes alone.
    /// </summary>
    /// <param name="kernel">One of <see cref="ByteKernels.Supported"/>.</param>
    /// <param name="group">The queries.</param>
    /// <param name="query">The number of the query in the group.</param>
    /// <param name="leaf">The rows.</param>
    /// <param name="dimension">A multiple of <see cref="CoordinatesInChunk"/>, above 0 and at most d.</param>
    /// <param name="sums">[<see cref="Rows"/>], overwritten.</param>
    public static void ComputeSingle(ByteKernel kernel, QueryGroup group, int query, RowLeaf leaf, int dimension, Span<int> sums)
    {
        Debug.Assert(query < Queries && dimension <= leaf.Dimension && dimension % CoordinatesInChunk == 0 && sums.Length == Rows);
        if (kernel is ByteKernel.Avx2 or ByteKernel.AvxVnni or ByteKernel.Avx512BW)
        {
            ComputeSingle256(group, query, leaf, dimension, sums);
            return;
        }

        Span<int> thresholds = stackalloc int[Queries], all = stackalloc int[Queries * Rows];
        Span<ulong> hits = stackalloc ulong[Queries];
        // All sums but this query's are left undefined.
        thresholds.Fill(int.MaxValue);
        thresholds[query] = int.MinValue + 1;
        Compute(kernel, group, leaf, dimension, thresholds, all, hits);
        all.Slice(query * Rows, Rows).CopyTo(sums);
    }

    /// <summary>Which sums are not below a threshold: bit r says it of sums[r].</summary>
    /// <param name="sums">[<see cref="Rows"/>].</param>
    /// <param name="threshold">What they are compared with.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NotBelow(ReadOnlySpan<int> sums, int threshold)
    {
        Debug.Assert(sums.Length == Rows);
        ref int first = ref MemoryMarshal.GetReference(sums);
        Vector256<int> limit = Vector256.Create(threshold);
        ulong hits = 0;
        for (int row = 0; row < Rows; row += Vector256<int>.Count)
        {
            Vector256<int> notBelow = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref first, (nuint)row), limit);
            hits |= (ulong)notBelow.ExtractMostSignificantBits() << row;
        }

        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeSingle256(QueryGroup group, int query, RowLeaf leaf, int dimension, Span<int> sums)
    {
        int steps = dimension / CoordinatesInStep, partLength = leaf.Dimension * RowsInPart;
        int start = group.Starts[(dimension / CoordinatesInChunk - 1) * Queries + query];
        for (int part = 0; part < Rows / RowsInPart; part++)
        {
            ref uint q = ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query);
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes), part * partLength);
            ref int constants = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Constants), part * RowsInPart);
            Vector256<int> a = Vector256.LoadUnsafe(ref constants) + Vector256.Create(start),
                b = Vector256.LoadUnsafe(ref constants, (nuint)Vector256<int>.Count) + Vector256.Create(start);
            for (int step = 0; step < steps; step++)
            {
                CacheLines.FetchAhead(ref rows, BytesAhead);
                Vector256<sbyte> v = Vector256.Create(q).AsSByte();
                a += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref rows), v), Vector256<short>.One);
                b += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref rows, (nuint)Vector256<byte>.Count), v),
                    Vector256<short>.One);
                q = ref Unsafe.Add(ref q, Queries);
                rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
            }

            a.StoreUnsafe(ref sums[part * RowsInPart]);
            b.StoreUnsafe(ref sums[part * RowsInPart], (nuint)Vector256<int>.Count);
        }
    }
}
