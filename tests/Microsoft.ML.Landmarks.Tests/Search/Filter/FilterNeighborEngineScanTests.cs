using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>Every query is searched as one that comes alone.</summary>
[TestClass]
public sealed class FilterNeighborEngineScanTests : NeighborEngineConformance
{
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
    {
        FilterNeighborEngine engine = FilterEngines.Create(gallery, penalties, 128, ByteKernels.Fastest);
        engine.MostScanned = int.MaxValue;
        return engine;
    }
}
