using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

[TestClass]
public sealed class FilterNeighborEngineArmDpTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.ArmDp;

    private protected override int Prefix => 64;
}
