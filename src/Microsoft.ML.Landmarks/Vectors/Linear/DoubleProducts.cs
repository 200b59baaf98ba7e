using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>
/// Products of matrices in double precision: the work of fitting, and of each row that is whitened. Each sum is made in one order, wherever
/// its rows stand and whatever the number of threads: value k of a piece is added to lane k % 4, the lanes pairwise, then piece after
/// piece. A product of two values that are Singles is exact, so that a fused multiply-add changes nothing there.
/// </summary>
internal static partial class DoubleProducts
{
    /// <summary>Rows have a multiple of so many values, zeros at their end.</summary>
    public const int Lanes = 4;

    // Values of a row that are read at once: a tile's rows of them stay in the first cache, those of a panel in the second.
    private const int LengthOfPiece = 256;

    // Rows of the first matrix that one thread multiplies at once.
    private const int RowsInPanel = 48;

    // Rows of the first and of the second matrix whose sums are held in registers.
    private const int RowsInTile = 3, ColumnsInTile = 4;

    /// <summary>The smallest number of values, not below <paramref name="length"/>, that a row may have.</summary>
    public static int Pad(int length) => (length + Lanes - 1) / Lanes * Lanes;

    /// <summary>sums[i, j] += row i of a · row j of a, for j >= i; what stands below the diagonal is of no use.</summary>
    /// <param name="a">[n, length].</param>
    /// <param name="length">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="sums">[n, n].</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static void AddUpperTriangle(ReadOnlyMemory<double> a, int length, Memory<double> sums, ParallelOptions parallelism)
    {
        int n = a.Length / length;
        Debug.Assert(sums.Length == n * n);
        ForEachPanel(n, parallelism, (first, count) =>
        {
            ReadOnlySpan<double> rest = a.Span[(first * length)..];
            Add(rest[..(count * length)], rest, length, sums.Span[(first * n + first)..], n);
        });
    }

    /// <summary>Calls <paramref name="body"/> with the first row and the number of rows of each panel of <paramref name="count"/>
    /// rows.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static void ForEachPanel(int count, ParallelOptions parallelism, Action<int, int> body)
        => ParallelLoop.For((count + RowsInPanel - 1) / RowsInPanel, parallelism, panel
        => body(panel * RowsInPanel, Math.Min(RowsInPanel, count - panel * RowsInPanel)));

    /// <summary>sums[i, j] += row i of a · row j of b.</summary>
    /// <param name="a">[m, length]; a panel's rows, where there are many.</param>
    /// <param name="b">[n, length].</param>
    /// <param name="length">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="sums">[m, stride], of whose rows the first n values are added to.</param>
    /// <param name="stride">At least n.</param>
    public static void Add(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int length, Span<double> sums, int stride)
    {
        Debug.Assert(length % Lanes == 0);
        int m = a.Length / length, n = b.Length / length;
        for (int start = 0; start < length; start += LengthOfPiece)
        {
            int piece = Math.Min(LengthOfPiece, length - start);
            for (int j = 0; j < n; j += ColumnsInTile)
            {
                for (int i = 0; i < m; i += RowsInTile)
                {
                    ReadOnlySpan<double> x = a[(i * length + start)..], y = b[(j * length + start)..];
                    int rows = Math.Min(RowsInTile, m - i), columns = Math.Min(ColumnsInTile, n - j);
                    if (rows == RowsInTile && columns == ColumnsInTile)
                        AddTile(x, y, length, piece, sums[(i * stride + j)..], stride);
                    else
                        AddEdge(x, rows, y, columns, length, piece, sums[(i * stride + j)..], stride);
                }
            }
        }
    }

    private static void AddEdge(ReadOnlySpan<double> a, int rows, ReadOnlySpan<double> b, int columns, int length, int piece,
        Span<double> sums, int stride)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                sums[i * stride + j] += Dot(a.Slice(i * length, piece), b.Slice(j * length, piece));
        }
    }

    /// <summary>The definition of a piece's sum. Shapes: [piece], [piece].</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> lanes = default;
        for (int k = 0; k < a.Length; k += Lanes)
            lanes = Vector256.MultiplyAddEstimate(Vector256.Create(a[k..]), Vector256.Create(b[k..]), lanes);
        return Sum(lanes);
    }

    private static double Sum(Vector256<double> lanes)
    {
        Vector128<double> pairs = lanes.GetLower() + lanes.GetUpper();
        return pairs[0] + pairs[1];
    }
}
