namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEnginePrefix64Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => 64;
}
