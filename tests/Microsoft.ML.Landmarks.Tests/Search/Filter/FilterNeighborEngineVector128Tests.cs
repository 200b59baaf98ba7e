using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
public sealed class FilterNeighborEngineVector128Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Vector128;

    private protected override int Prefix => 64;
}
