using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>As <see cref="TorchNeighborEngineTests"/>, on a GPU.</summary>
[TestClass]
[CudaCondition]
public sealed class TorchCudaTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => new TorchNeighborEngine(gallery, penalties, new FusedNeighborEngine(gallery, penalties), torch.device(DeviceType.CUDA, 0));
}
