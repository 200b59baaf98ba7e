using System.Numerics.Tensors;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What a user would write: a dot product a pair in single precision, and a heap of the best.</summary>
internal static class TensorScan
{
    /// <summary>One query, on the calling thread.</summary>
    /// <param name="query">[d].</param>
    /// <param name="gallery">[n, d].</param>
    /// <param name="penalties">[n]; null for nothing.</param>
    /// <param name="best">[k], overwritten.</param>
    public static void Search(ReadOnlySpan<float> query, UnitRows gallery, double[]? penalties, Span<Neighbor> best)
    {
        best.Fill(Neighbor.None);
        int row = 0;
        foreach (ReadOnlyMemory<float> block in gallery.Blocks)
        {
            for (ReadOnlySpan<float> rest = block.Span; !rest.IsEmpty; rest = rest[query.Length..], row++)
            {
                double score = TensorPrimitives.Dot(query, rest[..query.Length]) - (penalties is null ? 0 : penalties[row]);
                if (score > TopK.Worst(best))
                    TopK.Insert(best, new Neighbor(row, score));
            }
        }

        TopK.Sort(best);
    }

    /// <summary>Many queries, each on a thread of its own.</summary>
    /// <returns>[queries, neighbors].</returns>
    public static Neighbor[] Search(UnitRows queries, UnitRows gallery, double[]? penalties, int neighbors)
    {
        var best = new Neighbor[queries.Count * neighbors];
        Parallel.For(0, queries.Count, query => Search(queries[query], gallery, penalties, best.AsSpan(query * neighbors, neighbors)));
        return best;
    }
}
