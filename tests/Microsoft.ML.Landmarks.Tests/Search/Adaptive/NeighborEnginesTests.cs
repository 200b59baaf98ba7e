using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Adaptive;

[TestClass]
public sealed class NeighborEnginesTests
{
    private static readonly EngineSelection s_nothing = new(null, null);

    // Of no processor in particular, so that choices are the same on all of them.
    private static readonly KernelRates s_rates = new(CoordinatesPerNanosecond: 150, SinglesPerNanosecond: 50);

    [TestMethod]
    public void Create_LargeWork_FiltersAndSaysHow()
    {
        (INeighborEngine engine, string message) = Create(600, 512, 1_000_000, new(null, null, s_rates));

        if (ByteKernels.Fastest == ByteKernel.Scalar)
        {
            Assert.IsInstanceOfType<FusedNeighborEngine>(Current(engine));
            Assert.Contains("Rows: 600 rows, fused engine, since this processor has no vector instructions.", message);
            return;
        }

        Assert.IsInstanceOfType<FilterNeighborEngine>(Current(engine));
        Assert.StartsWith($"Rows: 600 rows, filter engine, kernel {ByteKernels.Fastest}, prefix of 64 from 512 values, which lets ",
            message);
    }

    [TestMethod]
    [DataRow(0, 0, false)]
    [DataRow(64, 0, false)]
    [DataRow(40, 24, false)]
    [DataRow(65, 0, true)]
    [DataRow(33, 32, true)]
    public void Change_RowsThatCameAndWent_BeginsAnewWhereTheyAreMany(int added, int removed, bool isAnew)
    {
        var random = new Random(1);
        UnitRows rows = NeighborEngineConformance.Random(600, 8, random);
        INeighborEngine engine = new FusedNeighborEngine(rows, penalties: null);
        List<string> said = [];
        // One after the other: all that has changed since the engine was made counts.
        for (int i = 0; i < added; i++)
            Change(RowChange.Of(rows.Count, _ => false, added: 1), NeighborEngineConformance.Random(1, 8, random));
        for (int i = 0; i < removed; i++)
            Change(RowChange.Of(rows.Count, row => row == i, added: 0), new UnitRows(8));

        Assert.HasCount(isAnew ? 1 : 0, said);

        void Change(RowChange change, UnitRows more)
        {
            rows = rows.After(change, more);
            engine = NeighborEngines.Change(engine, change, new SearchedRows("Rows", rows, Penalties: null, rows), device: null,
                new ParallelOptions(), said.Add);
        }
    }

    [TestMethod]
    [DataRow(64, 100, false)]
    [DataRow(65, 100, true)]
    [DataRow(1_000, 16_000, false)]
    [DataRow(1_001, 16_000, true)]
    public void AreMany_OfFewRowsAndMany_AreMoreThanASixteenth(int changed, int rows, bool expected)
        => Assert.AreEqual(expected, NeighborEngines.AreMany(changed, rows));

    [TestMethod]
    public void Create_PreparingTakesLongerThanItSaves_IsFusedAndSaysWhy()
    {
        RequireVectors();

        // With products so fast, all of them take less than 0.1 s, and finding axes more.
        (INeighborEngine engine, string message) =
            Create(600, 512, 200_000, new(null, null, s_rates with { SinglesPerNanosecond = 5_000 }));

        Assert.IsInstanceOfType<FusedNeighborEngine>(Current(engine));
        Assert.AreEqual("Rows: 600 rows, fused engine, since 200,000 queries are too few to prepare for.", message);
    }

    [TestMethod]
    [DataRow(45, false)]
    [DataRow(300, true)]
    public void Create_RowsThatNoPrefixTellsApart_FiltersByAllValuesWhereBytesAreFast(double coordinatesPerNanosecond, bool isFilter)
    {
        RequireVectors();

        (INeighborEngine engine, string message) =
            Create(600, 512, 1_000_000, new(null, null, s_rates with { CoordinatesPerNanosecond = coordinatesPerNanosecond }),
            isotropic: true);

        if (isFilter)
            Assert.AreEqual(512, Assert.IsInstanceOfType<FilterNeighborEngine>(Current(engine)).Index.Space.PrefixDimension);
        else
            Assert.IsInstanceOfType<FusedNeighborEngine>(Current(engine));
        Assert.StartsWith(isFilter ? "Rows: 600 rows, filter engine, " : "Rows: 600 rows, fused engine, since bytes would let ", message);
    }

    [TestMethod]
    [DataRow(600, 96, 1_000, "1,000 queries are too few to prepare for")]
    [DataRow(600, 63, 1_000_000, "63 values a row are few")]
    [DataRow(0, 96, 1_000_000, "there is nothing to find")]
    public void Create_LittleToSave_IsFusedAndSaysWhy(int rows, int dimension, int queries, string reason)
    {
        RequireVectors();

        (INeighborEngine engine, string message) = Create(rows, dimension, queries, s_nothing);

        Assert.IsInstanceOfType<FusedNeighborEngine>(Current(engine));
        Assert.AreEqual($"Rows: {rows} rows, fused engine, since {reason}.", message);
    }

    [TestMethod]
    public void Create_NobodyKnowsHowManyQueries_PreparesNothing()
    {
        RequireVectors();

        (INeighborEngine engine, string message) = Create(600, 512, queries: null, new(null, null, s_rates));

        Assert.IsInstanceOfType<FusedNeighborEngine>(Assert.IsInstanceOfType<AdaptiveNeighborEngine>(engine).Current);
        Assert.AreEqual("Rows: 600 rows, fused engine, until the queries repay a filter.", message);
    }

    [TestMethod]
    public void Create_Forced_ObeysWhateverItCosts()
    {
        Assert.IsInstanceOfType<FusedNeighborEngine>(Create(600, 96, 1_000_000, new(EngineSelection.Fused, null)).Engine);
        foreach (ByteKernel kernel in ByteKernels.Supported)
        {
            var engine = Assert.IsInstanceOfType<FilterNeighborEngine>(
                Current(Create(5, 7, 1, new(EngineSelection.Filter, kernel)).Engine));
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
        var engine = Assert.ThrowsExactly<InvalidOperationException>(()
            => EngineSelection.FromEnvironment(v => v == "LANDMARKS_ENGINE" ? "gpu" : null));
        Assert.AreEqual("The environment variable LANDMARKS_ENGINE is 'gpu'; on this machine it can be filter, fused. Unset it to leave "
            + "the choice to the library.", engine.Message);
        var kernel = Assert.ThrowsExactly<InvalidOperationException>(()
            => EngineSelection.FromEnvironment(v => v == "LANDMARKS_KERNEL" ? "Amx" : null));
        Assert.AreEqual($"The environment variable LANDMARKS_KERNEL is 'Amx'; on this machine it can be "
            + $"{string.Join(", ", ByteKernels.Supported)}. Unset it to leave the choice to the library.", kernel.Message);
    }

    private static void RequireVectors()
    {
        if (ByteKernels.Fastest == ByteKernel.Scalar)
            Assert.Inconclusive("The reason is another on a processor without vector instructions.");
    }

    private static (INeighborEngine Engine, string Message) Create(int rows, int dimension, long? queries, EngineSelection selection,
        bool isotropic = false)
    {
        List<string> messages = [];
        var random = new Random(rows + dimension);
        UnitRows gallery = Rows(rows), likely = Rows(30);
        INeighborEngine engine = NeighborEngines.Create(new SearchedRows("Rows", gallery, null, likely), device: null, queries,
            new ParallelOptions { MaxDegreeOfParallelism = 1 }, messages.Add, selection);
        return (engine, messages.Single(m => m.StartsWith("Rows: ", StringComparison.Ordinal)));

        UnitRows Rows(int count)
            => isotropic ? NeighborEngineConformance.Rows(dimension, HardRows.Create("isotropic", count, dimension, random))
            : RowsOfLowRank(count, dimension, random);
    }

    private static INeighborEngine Current(INeighborEngine engine) => engine is AdaptiveNeighborEngine adaptive ? adaptive.Current : engine;

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
