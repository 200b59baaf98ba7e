namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What one engine took and found.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="Prepare">Seconds to prepare both galleries, where that can be told apart.</param>
/// <param name="Train">Seconds to search training rows against non-landmarks.</param>
/// <param name="Query">Seconds to search queries against training rows less their penalties.</param>
/// <param name="TrainRows">[train, k], the rows found.</param>
/// <param name="QueryRows">[queries, k], the rows found.</param>
/// <param name="Singles">One query at a time against training rows less their penalties.</param>
internal sealed record SearchResult(string Engine, double Prepare, double Train, double Query, int[] TrainRows, int[] QueryRows,
    IReadOnlyList<SingleQuery> Singles)
{
    public double Total => Prepare + Train + Query;
}
