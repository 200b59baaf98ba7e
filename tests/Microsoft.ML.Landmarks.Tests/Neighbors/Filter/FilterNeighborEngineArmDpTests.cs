namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineArmDpTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.ArmDp;

    private protected override int Prefix => 64;
}
