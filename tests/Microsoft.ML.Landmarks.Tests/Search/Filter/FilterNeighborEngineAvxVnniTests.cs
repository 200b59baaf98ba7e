using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
[Avx2Condition]
public sealed class FilterNeighborEngineAvxVnniTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.AvxVnni;

    private protected override int Prefix => 64;
}
