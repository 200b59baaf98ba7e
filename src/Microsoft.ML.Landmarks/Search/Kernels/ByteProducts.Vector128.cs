using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    private const int QueriesInTile128 = 4;

    // Both sides are signed, so sums start from the constants.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute128(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
    {
        int chunks = dimension / CoordinatesInChunk, partLength = leaf.Dimension * RowsInPart;
        hits.Clear();
        for (int row = 0; row < Rows; row += Vector128<int>.Count)
        {
            ref byte rows = ref Unsafe.Add(ref MemoryMarshal.GetReference(leaf.Codes),
                row / RowsInPart * partLength + row % RowsInPart * CoordinatesInStep);
            Vector128<int> constants = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(leaf.Constants), (nuint)row);
            for (int query = 0; query < Queries; query += QueriesInTile128)
            {
                ref int tileSums = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), query * Rows + row);
                ComputeTile128(ref Unsafe.Add(ref MemoryMarshal.GetReference(group.Codes), query), ref rows, constants, ref tileSums,
                    chunks);
                for (int i = 0; i < QueriesInTile128; i++)
                    hits[query + i] |= NotBelow128(Vector128.LoadUnsafe(ref tileSums, (nuint)(i * Rows)), thresholds[query + i]) << row;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTile128(ref uint q, ref byte rows, Vector128<int> constants, ref int sums, int chunks)
    {
        Vector128<int> sum0 = constants, sum1 = constants, sum2 = constants, sum3 = constants;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            Vector128<short> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int step = 0; step < StepsInChunk; step++)
            {
                Vector128<byte> four = Vector128.LoadUnsafe(ref rows) ^ Vector128.Create((byte)RowOffset);
                Vector128<short> even = EvenBytes(four), odd = OddBytes(four);
                s0 += AddPairs128(even, odd, q);
                s1 += AddPairs128(even, odd, Unsafe.Add(ref q, 1));
                s2 += AddPairs128(even, odd, Unsafe.Add(ref q, 2));
                s3 += AddPairs128(even, odd, Unsafe.Add(ref q, 3));
                q = ref Unsafe.Add(ref q, Queries);
                rows = ref Unsafe.Add(ref rows, RowsInPart * CoordinatesInStep);
            }

            sum0 += AddLanes(s0);
            sum1 += AddLanes(s1);
            sum2 += AddLanes(s2);
            sum3 += AddLanes(s3);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, Rows);
        sum2.StoreUnsafe(ref sums, 2 * Rows);
        sum3.StoreUnsafe(ref sums, 3 * Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> AddPairs128(Vector128<short> even, Vector128<short> odd, uint query)
    {
        Vector128<byte> four = Vector128.Create(query).AsByte();
        return even * EvenBytes(four) + odd * OddBytes(four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> EvenBytes(Vector128<byte> codes) => codes.AsInt16() << 8 >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> OddBytes(Vector128<byte> codes) => codes.AsInt16() >> 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddLanes(Vector128<short> sums) => (sums.AsInt32() << 16 >> 16) + (sums.AsInt32() >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotBelow128(Vector128<int> sums, int threshold)
        => Vector128.GreaterThan(sums, Vector128.Create(threshold - 1)).ExtractMostSignificantBits();
}
