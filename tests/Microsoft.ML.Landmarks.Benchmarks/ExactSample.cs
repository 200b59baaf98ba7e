using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What a plain search in double precision finds for a sample of the queries, which every answer is compared with.</summary>
internal sealed class ExactSample
{
    private const int Most = 200;

    private readonly int[] _queries;
    private readonly Neighbor[][] _best;

    /// <param name="queries">Queries.</param>
    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n]; null for nothing.</param>
    /// <param name="neighbors">Neighbors of a query, k.</param>
    public ExactSample(UnitRows queries, UnitRows gallery, double[]? penalties, int neighbors)
    {
        Neighbors = neighbors;
        int count = Math.Min(Most, queries.Count);
        _queries = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * queries.Count / count))];
        _best = new Neighbor[count][];
        Parallel.For(0, count, i =>
        {
            _best[i] = new Neighbor[neighbors];
            Array.Fill(_best[i], Neighbor.None);
            for (int row = 0; row < gallery.Count; row++)
                TopK.Insert(_best[i], new Neighbor(row,
                    ExactDot.Compute(queries[_queries[i]], gallery[row]) - (penalties is null ? 0 : penalties[row])));
            TopK.Sort(_best[i]);
        });
    }

    /// <summary>Neighbors of a query, k.</summary>
    public int Neighbors { get; }

    /// <summary>Places that are compared.</summary>
    public int Places => _queries.Length * Neighbors;

    /// <summary>How many of them differ.</summary>
    /// <param name="found">[queries, k], the rows found for all queries.</param>
    public int Mismatches(int[] found)
        => _queries.Zip(_best).Sum(pair
        => pair.Second.Where((neighbor, place) => neighbor.Row != found[pair.First * Neighbors + place]).Count());
}
