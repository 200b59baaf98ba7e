using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>The filter is prepared while a model answers: after some queries, before changes and after them.</summary>
[TestClass]
public sealed class AdaptiveChangedLandmarksTests : ChangedLandmarksConformance
{
    private protected override SearchDevice? Device => new("adaptive", (rows, penalties, cpuEngine) => rows.Count == 0 ? cpuEngine
        : new AdaptiveNeighborEngine(new FilterPreparation(new SearchedRows("Rows", rows, penalties, rows),
            new EngineSelection(null, null, RepayingQueries: 60), _ => { })));

    private protected override int Dimension => 64;
}
