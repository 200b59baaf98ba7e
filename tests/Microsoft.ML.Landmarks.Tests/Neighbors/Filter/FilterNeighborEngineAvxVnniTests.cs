namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FilterNeighborEngineAvxVnniTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.AvxVnni;

    private protected override int Prefix => 64;
}
