namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineScalarTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Scalar;

    private protected override int Prefix => 64;
}
