using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>The filter with any kernel and prefix gives what every engine gives.</summary>
public abstract class FilterNeighborEngineConformance : NeighborEngineConformance
{
    private protected abstract ByteKernel Kernel { get; }

    private protected abstract int Prefix { get; }

    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => FilterEngines.Create(gallery, penalties, Prefix, Kernel);
}
