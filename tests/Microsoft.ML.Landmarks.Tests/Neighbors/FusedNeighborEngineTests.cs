namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class FusedNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties) => new FusedNeighborEngine(gallery, penalties);
}
