using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Search.Kernels;

internal static partial class ByteProducts
{
    /// <summary>The definition.</summary>
    internal static void ComputeScalar(QueryGroup group, RowLeaf leaf, int dimension, ReadOnlySpan<int> thresholds, Span<int> sums,
        Span<ulong> hits)
    {
        int stepCount = leaf.Dimension / CoordinatesInStep;
        ReadOnlySpan<sbyte> queries = MemoryMarshal.Cast<uint, sbyte>(group.Codes);
        hits.Clear();
        for (int query = 0; query < Queries; query++)
        {
            for (int row = 0; row < Rows; row++)
            {
                int sum = leaf.Constants[row];
                for (int i = 0; i < dimension; i++)
                {
                    int step = i / CoordinatesInStep, coordinate = i % CoordinatesInStep;
                    int code = leaf.Codes[((row / RowsInPart * stepCount + step) * RowsInPart + row % RowsInPart) * CoordinatesInStep
                        + coordinate] - RowOffset;
                    sum += queries[(step * Queries + query) * CoordinatesInStep + coordinate] * code;
                }

                sums[query * Rows + row] = sum;
                if (sum >= thresholds[query])
                    hits[query] |= 1UL << row;
            }
        }
    }
}
