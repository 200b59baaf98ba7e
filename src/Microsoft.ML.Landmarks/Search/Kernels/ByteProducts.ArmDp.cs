using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    // The coordinates of a step of the 12 queries are three registers, of whose quarters the instruction takes one. Both sides are signed,
    // so sums start from the constants.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeArm(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
    {
        int steps = dimension / CoordinatesInStep, partLength = leaf.Dimension * RowsInPart;
        hits.Clear();
        for (int row = 0; row < Rows; row += Vector128<int>.Count)
        {
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes),
                row / RowsInPart * partLength + row % RowsInPart * CoordinatesInStep);
            ref int tileSums = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), row);
            ComputeTileArm(ref MemoryMarshal.GetReference(group.Codes), ref rows,
                Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(leaf.Constants), (nuint)row), ref tileSums, steps);
            for (int query = 0; query < Queries; query++)
                hits[query] |= NotBelow128(Vector128.LoadUnsafe(ref tileSums, (nuint)(query * Rows)), thresholds[query]) << row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTileArm(ref uint q, ref byte rows, Vector128<int> constants, ref int sums, int steps)
    {
        Vector128<int> s0 = constants, s1 = constants, s2 = constants, s3 = constants, s4 = constants, s5 = constants;
        Vector128<int> s6 = constants, s7 = constants, s8 = constants, s9 = constants, s10 = constants, s11 = constants;
        for (int step = 0; step < steps; step++)
        {
            Vector128<sbyte> row = (Vector128.LoadUnsafe(ref rows) ^ Vector128.Create((byte)RowOffset)).AsSByte();
            Vector128<sbyte> queries = Vector128.LoadUnsafe(ref q).AsSByte();
            s0 = AddFours128(s0, row, queries, 0);
            s1 = AddFours128(s1, row, queries, 1);
            s2 = AddFours128(s2, row, queries, 2);
            s3 = AddFours128(s3, row, queries, 3);
            queries = Vector128.LoadUnsafe(ref q, 4).AsSByte();
            s4 = AddFours128(s4, row, queries, 0);
            s5 = AddFours128(s5, row, queries, 1);
            s6 = AddFours128(s6, row, queries, 2);
            s7 = AddFours128(s7, row, queries, 3);
            queries = Vector128.LoadUnsafe(ref q, 8).AsSByte();
            s8 = AddFours128(s8, row, queries, 0);
            s9 = AddFours128(s9, row, queries, 1);
            s10 = AddFours128(s10, row, queries, 2);
            s11 = AddFours128(s11, row, queries, 3);
            q = ref Unsafe.Add(ref q, Queries);
            rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
        }

        s0.StoreUnsafe(ref sums, 0 * Rows);
        s1.StoreUnsafe(ref sums, 1 * Rows);
        s2.StoreUnsafe(ref sums, 2 * Rows);
        s3.StoreUnsafe(ref sums, 3 * Rows);
        s4.StoreUnsafe(ref sums, 4 * Rows);
        s5.StoreUnsafe(ref sums, 5 * Rows);
        s6.StoreUnsafe(ref sums, 6 * Rows);
        s7.StoreUnsafe(ref sums, 7 * Rows);
        s8.StoreUnsafe(ref sums, 8 * Rows);
        s9.StoreUnsafe(ref sums, 9 * Rows);
        s10.StoreUnsafe(ref sums, 10 * Rows);
        s11.StoreUnsafe(ref sums, 11 * Rows);
    }

    // The same numbers without the instruction, so that the tests reach this kernel on other processors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddFours128(Vector128<int> sum, Vector128<sbyte> rows, Vector128<sbyte> queries,
        [ConstantExpected(Max = (byte)3)] byte query)
    {
        if (Dp.IsSupported)
            return Dp.DotProductBySelectedQuadruplet(sum, rows, queries, query);
        for (int i = 0; i < CoordinatesInStep * Vector128<int>.Count; i++)
            sum = sum.WithElement(i / CoordinatesInStep,
                sum[i / CoordinatesInStep] + rows[i] * queries[query * CoordinatesInStep + i % CoordinatesInStep]);
        return sum;
    }
}
