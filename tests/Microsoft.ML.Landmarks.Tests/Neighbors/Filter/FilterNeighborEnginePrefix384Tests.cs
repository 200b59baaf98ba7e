namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEnginePrefix384Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => 384;
}
