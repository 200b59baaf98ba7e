using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Torch.Tests;

/// <summary>What only the engine for torch does: choose by chunks, halve its tiles, ask the CPU, and free what it took.</summary>
[TestClass]
[TorchCondition]
public sealed class TorchTileTests
{
    private const int Dimension = 24, Neighbors = 5;

    [TestMethod]
    // 16 candidates of 64 rows each: below 1,024 rows there are no chunks to choose from.
    [DataRow(1)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(65)]
    [DataRow(960)]
    [DataRow(961)]
    [DataRow(1023)]
    [DataRow(1024)]
    [DataRow(1025)]
    [DataRow(1088)]
    [DataRow(1089)]
    public void Search_RowsAroundTheChunks_EqualsTheCpu(int rows)
    {
        UnitRows gallery = Random(rows, seed: rows);
        double[] penalties = Penalties(rows);
        AssertSameAsCpu(gallery, penalties, Create(gallery, penalties));
    }

    [TestMethod]
    public void Search_OnTheCpu_TakesTilesOf256MB()
    {
        // 256 MiB of scores, in Single, are 670 of 100,000 rows and the 63 that may fill the last chunk.
        UnitRows gallery = Random(100_000, seed: 1), queries = Random(1_500, seed: 2);
        List<long> tiles = [];
        using TorchNeighborEngine engine = Create(gallery, null, multiply: (bias, rows, columns) =>
        {
            tiles.Add(rows.shape[0]);
            return bias.addmm(rows, columns);
        });

        Search(engine, queries);

        CollectionAssert.AreEqual(new long[] { 670, 670, 160 }, tiles);
    }

    [TestMethod]
    public void Search_OutOfMemory_HalvesTheTileAndGoesOn()
    {
        UnitRows gallery = Random(2_000, seed: 1);
        List<long> tiles = [];
        using TorchNeighborEngine engine = Create(gallery, null, multiply: (bias, rows, columns) =>
        {
            tiles.Add(rows.shape[0]);
            return rows.shape[0] > 300 ? throw Failure("CUDA out of memory. Tried to allocate 4.00 GiB.") : bias.addmm(rows, columns);
        });

        AssertSameAsCpu(gallery, null, engine, queries: 1_000);
        CollectionAssert.AreEqual(new long[] { 1_000, 500, 256, 256, 256, 232 }, tiles);
        AssertSameAsCpu(gallery, null, engine, queries: 300);
        CollectionAssert.AreEqual(new long[] { 256, 44 }, tiles[6..], "what did not fit once is not tried again");
    }

    [TestMethod]
    public void Search_OutOfMemoryWithTheLeastTile_Throws()
    {
        UnitRows gallery = Random(100, seed: 1);
        using TorchNeighborEngine engine =
            Create(gallery, null, multiply: (_, _, _) => throw Failure("CUDA out of memory. Tried to allocate 4.00 GiB."));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Search(engine, Random(1_000, seed: 2)));

        Assert.AreEqual("The memory of the GPU does not suffice to compare 256 queries with 100 rows. Free some of it, or ask for no GPU.",
            error.Message);
    }

    [TestMethod]
    public void Search_AnotherFailureOfTorch_IsNotTriedAgain()
    {
        UnitRows gallery = Random(100, seed: 1);
        using TorchNeighborEngine engine =
            Create(gallery, null, multiply: (_, _, _) => throw Failure("CUDA error: an illegal memory access was encountered"));

        Assert.ThrowsExactly<ExternalException>(() => Search(engine, Random(1_000, seed: 2)));
    }

    [TestMethod]
    public void Search_RowsFarApart_TheCpuIsNotAsked()
    {
        UnitRows gallery = Random(2_000, seed: 1);
        var cpu = new CountingEngine(gallery);
        using var engine = new TorchNeighborEngine(gallery, null, cpu, torch.CPU);

        AssertSameAsCpu(gallery, null, engine, queries: 200);

        Assert.AreEqual(0, cpu.Queries);
    }

    [TestMethod]
    public void Search_MoreEqualRowsThanCandidates_TheCpuDecidesTheQueriesNearThem()
    {
        // 30 equal rows are more than the 5 + 11 candidates, so torch may have left out any of them.
        UnitRows gallery = Random(2_000, seed: 1), queries = Random(100, seed: 2);
        for (int i = 0; i < 30; i++)
            gallery.Add(queries[17]);
        var cpu = new CountingEngine(gallery);
        using var engine = new TorchNeighborEngine(gallery, null, cpu, torch.CPU);

        AssertSameAsCpu(gallery, null, engine, queries);

        int near = Search(new FusedNeighborEngine(gallery, null), queries).Chunk(Neighbors).Count(best
            => Array.Exists(best, n => n.Row >= 2_000));
        Assert.AreEqual(near, cpu.Queries);
        Assert.IsInRange(1, 10, near);
    }

    [TestMethod]
    public void Search_Tf32Allowed_GivesTheSameBits()
    {
        UnitRows gallery = Random(2_000, seed: 1);
        var cpu = new CountingEngine(gallery);
        // Factors cut to 11 bits, as a GPU does it then.
        using var engine = new TorchNeighborEngine(gallery, null, cpu, torch.CPU, multiply: (bias, rows, columns)
            => bias.addmm(Cut(rows), Cut(columns)));
        bool before = torch.backends.cuda.matmul.allow_tf32;
        torch.backends.cuda.matmul.allow_tf32 = true;
        try
        {
            AssertSameAsCpu(gallery, null, engine, queries: 500);
        }
        finally
        {
            torch.backends.cuda.matmul.allow_tf32 = before;
        }

        static torch.Tensor Cut(torch.Tensor values)
        {
            float[] cut = [.. values.contiguous().data<float>().ToArray()
                .Select(v => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(v) & ~0x1FFF))];
            return torch.tensor(cut).view(values.shape);
        }
    }

    [TestMethod]
    public void SearchAndDispose_AnyWay_LeaveNoTensor()
    {
        UnitRows gallery = Random(2_000, seed: 1), few = Random(50, seed: 3);
        long before = Alive();
        foreach (UnitRows rows in (UnitRows[])[gallery, few])
        {
            using TorchNeighborEngine engine = Create(rows, Penalties(rows.Count));
            Search(engine, Random(100, seed: 2));
            long held = Alive();
            Search(engine, Random(100, seed: 2));
            Assert.AreEqual(held, Alive(), "only the gallery stays between searches");
        }

        using (TorchNeighborEngine failing = Create(gallery, null, multiply: (_, _, _) => throw Failure("CUDA error")))
            Assert.ThrowsExactly<ExternalException>(() => Search(failing, few));

        Assert.AreEqual(before, Alive());
    }

    [TestMethod]
    public void Search_UploadFails_LeavesNoTensor()
    {
        // More penalties than there are places for rows: their upload fails.
        UnitRows gallery = Random(2_000, seed: 1);
        long before = Alive();
        using var engine = new TorchNeighborEngine(gallery, new double[gallery.Count + 64], new FusedNeighborEngine(gallery, null),
            torch.CPU);

        Assert.ThrowsExactly<IndexOutOfRangeException>(() => Search(engine, Random(10, seed: 2)));

        Assert.AreEqual(before, Alive());
    }

    [TestMethod]
    public void Search_InAScopeOfTheCaller_KeepsTheGallery()
    {
        UnitRows gallery = Random(100, seed: 1);
        using TorchNeighborEngine engine = Create(gallery, null);
        using (torch.NewDisposeScope())
            Search(engine, Random(10, seed: 2));

        AssertSameAsCpu(gallery, null, engine);
    }

    [TestMethod]
    public void Search_Disposed_UploadsTheRowsAnew()
    {
        UnitRows gallery = Random(100, seed: 1);
        using TorchNeighborEngine engine = Create(gallery, null);
        engine.Dispose();

        AssertSameAsCpu(gallery, null, engine);
    }

    private static long Alive() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

#pragma warning disable CA2201 // TorchSharp throws no other.
    private static ExternalException Failure(string message) => new(message);
#pragma warning restore CA2201

    private static TorchNeighborEngine Create(UnitRows gallery, double[]? penalties, TorchGallery.Multiply? multiply = null)
        => new(gallery, penalties, new FusedNeighborEngine(gallery, penalties), torch.CPU, multiply: multiply);

    private static void AssertSameAsCpu(UnitRows gallery, double[]? penalties, INeighborEngine engine, int queries = 33)
        => AssertSameAsCpu(gallery, penalties, engine, Random(queries, seed: 9));

    private static void AssertSameAsCpu(UnitRows gallery, double[]? penalties, INeighborEngine engine, UnitRows queries)
        => CollectionAssert.AreEqual(Search(new FusedNeighborEngine(gallery, penalties), queries), Search(engine, queries));

    private static Neighbor[] Search(INeighborEngine engine, UnitRows queries)
    {
        var best = new Neighbor[queries.Count * Neighbors];
        engine.Search(queries.Blocks.Single(), Neighbors, best, new ParallelOptions());
        return best;
    }

    private static double[] Penalties(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
    }

    private static UnitRows Random(int count, int seed)
    {
        var random = new Random(seed);
        var rows = new UnitRows(Dimension);
        for (int i = 0; i < count; i++)
        {
            float[] row = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
            Assert.IsTrue(UnitVector.TryNormalize(row));
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The CPU's engine, and how many queries it was asked for.</summary>
    private sealed class CountingEngine(UnitRows gallery) : INeighborEngine
    {
        private readonly FusedNeighborEngine _engine = new(gallery, penalties: null);

        public int Queries { get; private set; }

        public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
        {
            Queries += queries.Length / Dimension;
            _engine.Search(queries, numberOfNeighbors, best, parallelism);
        }

        public INeighborEngine WithPenalties(double[] penalties) => _engine.WithPenalties(penalties);
    }
}
