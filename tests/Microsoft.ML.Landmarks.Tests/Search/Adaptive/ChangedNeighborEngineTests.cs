using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Adaptive;

/// <summary>Of the rows to find, every third is one that an engine has known from the first; between those that it knew are some that are
/// gone, and were nearer than any.</summary>
[TestClass]
public sealed class ChangedNeighborEngineTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
    {
        List<int> sources = [];
        var known = new UnitRows(gallery.Dimension);
        for (int row = 0; row < gallery.Count; row++)
        {
            // The same row, without a penalty.
            if (row % 4 == 0)
                known.Add(gallery[row]);
            sources.Add(row % 3 == 0 ? known.Count : RowChange.New);
            if (row % 3 == 0)
                known.Add(gallery[row]);
        }

        double[]? before = penalties is null ? null : new double[known.Count];
        var change = new RowChange(known.Count, [.. sources]);
        return new ChangedNeighborEngine(new FusedNeighborEngine(known, before), change, gallery, penalties);
    }
}
