using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter.Planning;

/// <summary>What the searches that will come are expected to take, in nanoseconds, by the one engine and by the other.</summary>
/// <param name="Rates">How fast a core multiplies.</param>
/// <param name="Queries">How many queries will come.</param>
/// <param name="Rows">How many rows there are to find.</param>
/// <param name="Dimension">Values of a row, D.</param>
/// <param name="Threads">How many share the work.</param>
internal sealed record FilterCosts(KernelRates Rates, long Queries, int Rows, int Dimension, int Threads)
{
    // A row that passes: finding it in the masks, reading it, bounding it. This and what follows was measured on cores of some 3 GHz, and
    // is no matter of the vectors' width.
    private const double NanosecondsPerSurvivor = 15, CoordinatesRefinedPerNanosecond = 40;

    // A block of queries has all bytes of the rows pass by, those of the filter and those that it may ask for.
    private const double BytesPerNanosecond = 10;

    // Centering, rotating and quantising a value.
    private const double NanosecondsPerMappedValue = 3;

    // Making axes orthonormal, and laying samples by dimension.
    private const double DoublesPerNanosecond = 3, NanosecondsPerTransposedValue = 4;

    // Packing, comparing and scoring leave so much of the products' speed.
    private const double FusedShare = 0.85;

    /// <summary>All products in single precision; nothing is prepared.</summary>
    public double Fused => Pairs * Dimension / (FusedShare * Rates.SinglesPerNanosecond) / Threads;

    /// <summary>Planning without axes: finding the neighbors of the sample and mapping it.</summary>
    public double Sampling => (double)FilterSample.MostQueries * Rows * Dimension / (FusedShare * Rates.SinglesPerNanosecond) / Threads
        + FilterSample.MostRows * MapOf(0);

    private double Pairs => (double)Queries * Rows;

    /// <summary>Finding so many axes, and judging them.</summary>
    public double AxesOf(int count)
        => PrincipalAxes.ProductsOf(FilterSample.MostForAxes, Dimension, count) / Rates.SinglesPerNanosecond / Threads
            + PrincipalAxes.OrthonormalizingOf(Dimension, count) / DoublesPerNanosecond
            + (double)FilterSample.MostForAxes * Dimension * NanosecondsPerTransposedValue + FilterSample.MostRows * MapOf(count);

    /// <summary>
    /// Preparing the rows, and searching them, with a prefix of so many coordinates that lets a share of the rows pass; as many as values
    /// for all of them.
    /// </summary>
    public double FilterOf(int prefixDimension, double survivors) => PreparationOf(prefixDimension) + SearchOf(prefixDimension, survivors);

    /// <summary>Preparing the rows.</summary>
    public double PreparationOf(int prefixDimension) => Rows * MapOf(prefixDimension) / Threads;

    /// <summary>Searching the rows, once they are prepared.</summary>
    public double SearchOf(int prefixDimension, double survivors)
    {
        double seeding = (double)FilterNeighborEngine.SeedDimension / FilterNeighborEngine.SeedStrideOf(Rows / ByteProducts.Rows);
        double perPair = (prefixDimension + seeding) / Rates.CoordinatesPerNanosecond
            + (double)(prefixDimension + Dimension) / FilterNeighborEngine.QueriesInBlock(Dimension, prefixDimension) / BytesPerNanosecond
            + survivors * (NanosecondsPerSurvivor + Dimension / CoordinatesRefinedPerNanosecond);
        return (Pairs * perPair + Queries * MapOf(prefixDimension)) / Threads;
    }

    // One vector by one core; all coordinates need no axes.
    private double MapOf(int prefixDimension)
        => NanosecondsPerMappedValue * Dimension
            + (prefixDimension < Dimension ? (double)prefixDimension * Dimension / Rates.SinglesPerNanosecond : 0);
}
