using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Search.Filter;

namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class FilterFitInPartsTests : FitInPartsConformance
{
    private protected override SearchDevice? Device => new("filter", (rows, penalties, cpuEngine)
        => rows.Count == 0 ? cpuEngine : FilterEngines.Create(rows, penalties, prefix: 64, ByteKernels.Fastest));

    private protected override int Dimension => 97;
}
