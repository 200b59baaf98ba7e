namespace Microsoft.ML.Landmarks.Vectors.Linear;

internal static partial class Products
{
    /// <summary>The definition, and the way without vector instructions.</summary>
    internal static void ComputeScalar(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        products.Clear();
        for (int i = 0; i < panel.Length / Rows; i++)
        {
            ReadOnlySpan<float> values = panel.Slice(i * Rows, Rows);
            for (int query = 0; query < Queries; query++)
            {
                float factor = group[i * Queries + query];
                Span<float> sums = products.Slice(query * Rows, Rows);
                for (int row = 0; row < Rows; row++)
                    sums[row] += factor * values[row];
            }
        }
    }
}
