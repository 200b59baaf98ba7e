using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Fused;

namespace Microsoft.ML.Landmarks.Search.Adaptive;

/// <summary>
/// Exact search on the CPU that starts at once: by all products, until the work done repays the preparation of the filter. Both give the
/// same bits, so that nobody sees when it changes.
/// </summary>
internal sealed class AdaptiveNeighborEngine : INeighborEngine
{
    private readonly FilterPreparation _preparation;
    private readonly FusedNeighborEngine _fused;
    private readonly Lazy<INeighborEngine> _filter;

    /// <param name="preparation">Of the rows to find.</param>
    public AdaptiveNeighborEngine(FilterPreparation preparation)
    {
        _preparation = preparation;
        _fused = preparation.Fused;
        _filter = new Lazy<INeighborEngine>(() => preparation.Filter!);
    }

    private AdaptiveNeighborEngine(FilterPreparation preparation, double[] penalties)
    {
        _preparation = preparation;
        _fused = new FusedNeighborEngine(preparation.Gallery, penalties);
        _filter = new Lazy<INeighborEngine>(() => preparation.Filter!.WithPenalties(penalties));
    }

    /// <summary>The engine that a search is given to now.</summary>
    public INeighborEngine Current => _preparation.Filter is null ? _fused : _filter.Value;

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        // What no filter helps says nothing about one.
        bool isOfUse = FilterNeighborEngine.Helps(numberOfNeighbors, _preparation.Gallery.Count);
        if (isOfUse)
            _preparation.Count(queries.Length / _preparation.Gallery.Dimension, parallelism);
        (isOfUse ? Current : _fused).Search(queries, numberOfNeighbors, best, parallelism);
    }

    /// <summary>
    /// An engine of the same rows with other penalties. What is asked of it counts for this one too, and what one prepares serves both.
    /// </summary>
    /// <param name="penalties">[n].</param>
    public INeighborEngine WithPenalties(double[] penalties) => new AdaptiveNeighborEngine(_preparation, penalties);
}
