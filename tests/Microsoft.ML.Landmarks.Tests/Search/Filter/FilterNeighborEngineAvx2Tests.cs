using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
[Avx2Condition]
public sealed class FilterNeighborEngineAvx2Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Avx2;

    private protected override int Prefix => 64;
}
