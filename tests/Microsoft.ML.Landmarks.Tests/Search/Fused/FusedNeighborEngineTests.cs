using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Fused;

[TestClass]
public sealed class FusedNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties) => new FusedNeighborEngine(gallery, penalties);
}
