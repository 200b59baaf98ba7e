using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// Finds the rows of one gallery that are nearest to queries. Safe for use by several threads. Penalties are cosines times a weight, so
/// their size is at most <see cref="KnnLandmarkEstimator.LargestWeight"/>, by rounding a little more.
/// </summary>
internal interface INeighborEngine : IDisposable
{
    /// <summary>
    /// For each query the rows with the largest <c>query · row - penalty</c>, best first; of equal scores the lower row first. The scores
    /// are those of <see cref="ExactDot"/>, to the last bit, whatever the batch and the number of threads.
    /// </summary>
    /// <param name="queries">[q, d], finite.</param>
    /// <param name="numberOfNeighbors">How many rows to find, k.</param>
    /// <param name="best">[q, k], overwritten; <see cref="Neighbor.None"/> where the gallery has fewer rows.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism);

    /// <summary>An engine of the same rows with other penalties. It shares what was prepared, so it is made fast; either may be disposed
    /// before the other.</summary>
    /// <param name="penalties">[n].</param>
    INeighborEngine WithPenalties(double[] penalties);

    /// <summary>Frees what the engine holds outside of .NET's memory, if anything, while it does not search; a later search takes it
    /// anew.</summary>
    void IDisposable.Dispose() { }
}
