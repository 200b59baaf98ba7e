using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>As <see cref="TorchNeighborEngineTests"/>, in tiles of 7 queries.</summary>
[TestClass]
[TorchCondition]
public sealed class TorchSmallTilesTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => new TorchNeighborEngine(gallery, penalties, new FusedNeighborEngine(gallery, penalties), torch.CPU,
        scoreBytes: 7 * sizeof(float) * (gallery.Count + 63L));
}
