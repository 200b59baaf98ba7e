using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Tests.Search.Filter;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class FilterLandmarkIndexTests : MemoryLandmarkIndexConformance
{
    // There is no filter of no rows.
    private protected override INeighborEngine CreateEngine(UnitRows rows, double[]? penalties)
        => rows.Count == 0 ? new FusedNeighborEngine(rows, penalties)
            : FilterEngines.Create(rows, penalties, prefix: 64, ByteKernels.Fastest);
}
