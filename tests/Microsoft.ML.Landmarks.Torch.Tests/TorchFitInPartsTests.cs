using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Voting;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

[TestClass]
[TorchCondition]
public sealed class TorchFitInPartsTests : FitInPartsConformance
{
    private protected override SearchDevice? Device => new("torch's CPU", (rows, penalties, cpuEngine)
        => rows.Count == 0 ? cpuEngine : new TorchNeighborEngine(rows, penalties, cpuEngine, torch.CPU));
}
