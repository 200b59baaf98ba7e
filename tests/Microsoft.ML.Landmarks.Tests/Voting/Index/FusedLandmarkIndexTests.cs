using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class FusedLandmarkIndexTests : MemoryLandmarkIndexConformance
{
    private protected override INeighborEngine CreateEngine(UnitRows rows, double[]? penalties) => new FusedNeighborEngine(rows, penalties);
}
