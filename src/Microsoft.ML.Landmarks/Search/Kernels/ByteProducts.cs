using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>
/// Dot products of quantised vectors, the innermost loop of the filter: a group of queries against a leaf of rows, four coordinates a step.
/// Rows are stored with <see cref="RowOffset"/> added, since processors multiply unsigned bytes with signed ones; what that adds to the
/// sums is taken off where they start, a number for each query.
/// </summary>
/// <remarks>
/// Some kernels add every second pair of coordinates, a lane, in 16 bits over the steps of a chunk. What the sum passes through may wrap;
/// it is right at the end, since the true sum fits: by Cauchy and Schwarz it is at most <see cref="MaxQueryLaneLength"/> ·
/// <see cref="MaxRowLaneLength"/> &lt; 2^15. A pair of products can't overflow: 2 · 255 · <see cref="MaxQueryCode"/> &lt; 2^15.
/// </remarks>
internal static partial class ByteProducts
{
    /// <summary>Queries in a group.</summary>
    public const int Queries = 12;

    /// <summary>Rows in a leaf.</summary>
    public const int Rows = 64;

    /// <summary>Rows of a leaf whose coordinates stand together.</summary>
    public const int RowsInPart = 16;

    public const int CoordinatesInStep = 4;
    public const int StepsInChunk = 16;
    public const int CoordinatesInChunk = StepsInChunk * CoordinatesInStep;

    public const int RowOffset = 128;
    public const int MaxQueryCode = 63;
    public const int MaxRowCode = 127;

    /// <summary>How long, at most, the 32 coordinates of a lane of a chunk are as a vector.</summary>
    public const int MaxQueryLaneLength = 130, MaxRowLaneLength = 250;

    /// <summary>
    /// sums[q, r] = constants[r] + query q · row r over the first <paramref name="dimension"/> coordinates; bit r of hits[q] says that it
    /// is not below thresholds[q]. Where it is below, the sum is not defined.
    /// </summary>
    /// <param name="kernel">One of <see cref="ByteKernels.Supported"/>.</param>
    /// <param name="group">The queries.</param>
    /// <param name="leaf">The rows.</param>
    /// <param name="dimension">A multiple of <see cref="CoordinatesInChunk"/>, above 0 and at most d.</param>
    /// <param name="thresholds">[<see cref="Queries"/>], above <see cref="int.MinValue"/>.</param>
    /// <param name="sums">[<see cref="Queries"/>, <see cref="Rows"/>].</param>
    /// <param name="hits">[<see cref="Queries"/>], overwritten.</param>
    public static void Compute(ByteKernel kernel, QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds,
        Span<int> sums, Span<ulong> hits)
    {
        Debug.Assert(group.Codes.Length * CoordinatesInStep == leaf.Dimension * Queries && dimension <= leaf.Dimension
            && dimension % CoordinatesInChunk == 0);
        Debug.Assert(leaf.Constants.Length == Rows && thresholds.Length == Queries && sums.Length == Queries * Rows
            && hits.Length == Queries);
        switch (kernel)
        {
            case ByteKernel.Avx512BW:
                Compute512(group, leaf, dimension, thresholds, sums, hits);
                break;
            case ByteKernel.AvxVnni:
                ComputeVnni(group, leaf, dimension, thresholds, sums, hits);
                break;
            case ByteKernel.Avx2:
                Compute256(group, leaf, dimension, thresholds, sums, hits);
                break;
            case ByteKernel.ArmDp:
                ComputeArm(group, leaf, dimension, thresholds, sums, hits);
                break;
            case ByteKernel.Vector128:
                Compute128(group, leaf, dimension, thresholds, sums, hits);
                break;
            default:
                ComputeScalar(group, leaf, dimension, thresholds, sums, hits);
                break;
        }
    }

    /// <summary>Packs up to <see cref="Queries"/> queries; places beyond them are 0.</summary>
    /// <param name="codes">[n, d], from -<see cref="MaxQueryCode"/> to <see cref="MaxQueryCode"/>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="packed">[d / 4, <see cref="Queries"/>], overwritten.</param>
    /// <param name="laneStarts">[d / 64, <see cref="Queries"/>], overwritten.</param>
    /// <param name="starts">[d / 64, <see cref="Queries"/>], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackQueries(ReadOnlySpan<sbyte> codes, int dimension, Span<uint> packed, Span<uint> laneStarts, Span<int> starts)
    {
        ReadOnlySpan<uint> steps = MemoryMarshal.Cast<sbyte, uint>(codes);
        packed.Clear();
        laneStarts.Clear();
        starts.Clear();
        for (int query = 0, stepCount = dimension / CoordinatesInStep; query * dimension < codes.Length; query++)
        {
            for (int step = 0; step < stepCount; step++)
                packed[step * Queries + query] = steps[query * stepCount + step];

            int sum = 0;
            for (int chunk = 0; chunk < dimension / CoordinatesInChunk; chunk++)
            {
                ReadOnlySpan<sbyte> own = codes.Slice(query * dimension + chunk * CoordinatesInChunk, CoordinatesInChunk);
                int lane0 = 0, lane1 = 0;
                for (int i = 0; i < own.Length; i += CoordinatesInStep)
                {
                    lane0 += own[i] + own[i + 1];
                    lane1 += own[i + 2] + own[i + 3];
                }

                sum += lane0 + lane1;
                laneStarts[chunk * Queries + query] = (ushort)(-RowOffset * lane0) | (uint)(ushort)(-RowOffset * lane1) << 16;
                starts[chunk * Queries + query] = -RowOffset * sum;
            }
        }
    }

    /// <summary>Packs the rows of a leaf.</summary>
    /// <param name="codes">[<see cref="Rows"/>, d], from -<see cref="MaxRowCode"/> to <see cref="MaxRowCode"/>.</param>
    /// <param name="packed">[<see cref="Rows"/> / 16, d / 4, 16, 4], overwritten: parts of rows, their steps, the rows of a step, its
    /// coordinates.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRows(ReadOnlySpan<sbyte> codes, Span<byte> packed)
    {
        int stepCount = codes.Length / Rows / CoordinatesInStep;
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<sbyte, uint>(codes);
        Span<uint> to = MemoryMarshal.Cast<byte, uint>(packed);
        for (int row = 0; row < Rows; row++)
        {
            Span<uint> part = to[(row / RowsInPart * stepCount * RowsInPart + row % RowsInPart)..];
            // 128 is added to each of the four bytes: the highest bit changes, without a carry.
            for (int step = 0; step < stepCount; step++)
                part[step * RowsInPart] = from[row * stepCount + step] ^ 0x80808080;
        }
    }
}
