using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
public sealed class FilterNeighborEngineScalarTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Scalar;

    private protected override int Prefix => 64;
}
