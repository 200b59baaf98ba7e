using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

[TestClass]
[TorchCondition]
public sealed class TorchNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => new TorchNeighborEngine(gallery, penalties, new FusedNeighborEngine(gallery, penalties), torch.CPU);
}
