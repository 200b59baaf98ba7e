using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
public sealed class FilterNeighborEnginePrefix192Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => 192;
}
