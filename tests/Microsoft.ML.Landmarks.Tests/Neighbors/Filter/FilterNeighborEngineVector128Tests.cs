namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineVector128Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Vector128;

    private protected override int Prefix => 64;
}
