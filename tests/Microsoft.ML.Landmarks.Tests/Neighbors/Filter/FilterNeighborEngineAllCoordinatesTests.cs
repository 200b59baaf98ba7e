namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineAllCoordinatesTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => int.MaxValue;
}
