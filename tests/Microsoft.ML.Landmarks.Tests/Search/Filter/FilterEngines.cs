using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>Engines that filter by a given number of coordinates.</summary>
internal static class FilterEngines
{
    /// <param name="gallery">The rows.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="prefix">Coordinates of the filter; all of them where there are no more.</param>
    /// <param name="kernel">How they are multiplied.</param>
    public static FilterNeighborEngine Create(UnitRows gallery, double[]? penalties, int prefix, ByteKernel kernel)
    {
        var parallelism = new ParallelOptions();
        FilterPlan plan = FilterPlanner.Create(gallery, penalties, likelyQueries: gallery, new FusedNeighborEngine(gallery, penalties),
            new FilterCosts(new KernelRates(120, 45), gallery.Count, gallery.Count, gallery.Dimension, Threads: 1), prefix, parallelism);
        return new FilterNeighborEngine(gallery, penalties, plan, kernel, parallelism);
    }
}
