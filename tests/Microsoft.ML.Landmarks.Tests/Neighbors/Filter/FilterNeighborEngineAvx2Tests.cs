namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineAvx2Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Avx2;

    private protected override int Prefix => 64;
}
