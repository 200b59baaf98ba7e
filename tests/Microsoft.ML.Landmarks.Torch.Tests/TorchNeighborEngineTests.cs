using Microsoft.ML.Landmarks.Tests.Neighbors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

[TestClass]
public sealed class TorchNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => new TorchNeighborEngine(gallery, penalties, new FusedNeighborEngine(gallery, penalties), torch.CPU);
}
