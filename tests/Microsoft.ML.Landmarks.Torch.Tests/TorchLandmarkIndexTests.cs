using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Voting.Index;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

[TestClass]
[TorchCondition]
public sealed class TorchLandmarkIndexTests : MemoryLandmarkIndexConformance
{
    private protected override INeighborEngine CreateEngine(UnitRows rows, double[]? penalties)
        => new TorchNeighborEngine(rows, penalties, new FusedNeighborEngine(rows, penalties), torch.CPU);
}
