using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests.Neighbors;

[TestClass]
public sealed class NeighborEnginesTests
{
    private static readonly EngineSelection s_nothing = new(null, null);

    [TestMethod]
    public void Create_LargeWork_FiltersAndSaysHow()
    {
        (INeighborEngine engine, string message) = Create(600, 512, 1_000_000, s_nothing);

        if (ByteKernels.Fastest == ByteKernel.Scalar)
        {
            Assert.IsInstanceOfType<FusedNeighborEngine>(engine);
            Assert.Contains("Rows: 600 rows, fused engine, since this processor has no vector instructions.", message);
            return;
        }

        Assert.IsInstanceOfType<FilterNeighborEngine>(engine);
        Assert.StartsWith($"Rows: 600 rows, filter engine, kernel {ByteKernels.Fastest}, prefix of ", message);
    }

    [TestMethod]
    [DataRow(600, 96, 1_000, "1,000 queries are too few to prepare for")]
    [DataRow(600, 63, 1_000_000, "63 values a row are few")]
    [DataRow(0, 96, 1_000_000, "there is nothing to find")]
    public void Create_LittleToSave_IsFusedAndSaysWhy(int rows, int dimension, int queries, string reason)
    {
        if (ByteKernels.Fastest == ByteKernel.Scalar)
            Assert.Inconclusive("The reason is another on a processor without vector instructions.");

        (INeighborEngine engine, string message) = Create(rows, dimension, queries, s_nothing);

        Assert.IsInstanceOfType<FusedNeighborEngine>(engine);
        Assert.AreEqual($"Rows: {rows} rows, fused engine, since {reason}.", message);
    }

    [TestMethod]
    public void Create_Forced_ObeysWhateverItCosts()
    {
        Assert.IsInstanceOfType<FusedNeighborEngine>(Create(600, 96, 1_000_000, new(EngineSelection.Fused, null)).Engine);
        foreach (ByteKernel kernel in ByteKernels.Supported)
        {
            var engine = Assert.IsInstanceOfType<FilterNeighborEngine>(Create(5, 7, 1, new(EngineSelection.Filter, kernel)).Engine);
            Assert.AreEqual(kernel, engine.Kernel);
        }
    }

    [TestMethod]
    public void FromEnvironment_Names_AreTakenInAnyCase()
    {
        var read = new Dictionary<string, string?> { ["LANDMARKS_ENGINE"] = "FUSED", ["LANDMARKS_KERNEL"] = "scalar" };

        Assert.AreEqual(new EngineSelection("fused", ByteKernel.Scalar), EngineSelection.FromEnvironment(read.GetValueOrDefault));
        Assert.AreEqual(s_nothing, EngineSelection.FromEnvironment(_ => null));
        Assert.AreEqual(s_nothing, EngineSelection.FromEnvironment(_ => ""));
    }

    [TestMethod]
    public void FromEnvironment_UnknownName_SaysWhatIsAllowed()
    {
        var engine = Assert.ThrowsExactly<InvalidOperationException>(() => EngineSelection.FromEnvironment(v => v == "LANDMARKS_ENGINE" ? "gpu" : null));
        Assert.AreEqual("The environment variable LANDMARKS_ENGINE is 'gpu'; on this machine it can be filter, fused. Unset it to leave the choice to the library.", engine.Message);
        var kernel = Assert.ThrowsExactly<InvalidOperationException>(() => EngineSelection.FromEnvironment(v => v == "LANDMARKS_KERNEL" ? "Amx" : null));
        Assert.AreEqual($"The environment variable LANDMARKS_KERNEL is 'Amx'; on this machine it can be {string.Join(", ", ByteKernels.Supported)}. Unset it to leave the choice to the library.", kernel.Message);
    }

    private static (INeighborEngine Engine, string Message) Create(int rows, int dimension, long queries, EngineSelection selection)
    {
        var mlContext = new MLContext(seed: 1);
        List<string> messages = [];
        mlContext.Log += (_, e) => messages.Add(e.RawMessage);
        var random = new Random(rows + dimension);
        UnitRows gallery = RowsOfLowRank(rows, dimension, random), likely = RowsOfLowRank(30, dimension, random);
        using IChannel channel = ((IHostEnvironment)mlContext).Start("Test");
        INeighborEngine engine = NeighborEngines.Create("Rows", gallery, null, device: null, likely, queries, new ParallelOptions(), channel, selection);
        return (engine, messages.Single(m => m.StartsWith("Rows: ", StringComparison.Ordinal)));
    }

    // A short prefix holds all of such a row, so that the filter pays on every processor.
    private static UnitRows RowsOfLowRank(int count, int dimension, Random random)
        => NeighborEngineConformance.Rows(dimension, Enumerable.Range(0, count).Select(_ =>
        {
            var row = new float[dimension];
            for (int i = 0; i < Math.Min(16, dimension); i++)
                row[i] = (float)random.NextDouble() - 0.5f;
            return NeighborEngineConformance.Unit(row);
        }));
}
