namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineAvx512Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Avx512BW;

    private protected override int Prefix => 64;
}
