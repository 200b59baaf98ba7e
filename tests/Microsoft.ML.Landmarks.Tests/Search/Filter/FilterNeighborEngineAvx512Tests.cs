using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
[Avx2Condition]
public sealed class FilterNeighborEngineAvx512Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Avx512BW;

    private protected override int Prefix => 64;
}
