using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Filter;
using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Fused;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search.Adaptive;

[TestClass]
public sealed class AdaptiveNeighborEngineTests : NeighborEngineConformance
{
    private const int Dimension = 128;

    // Of no processor in particular.
    private static readonly KernelRates s_rates = new(CoordinatesPerNanosecond: 150, SinglesPerNanosecond: 50);

    private readonly List<string> _messages = [];

    // So few that most tests search by the one engine first and then by the other.
    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
        => CreateAdaptive(gallery, penalties, repayingQueries: 20);

    [TestMethod]
    public void Search_OneQueryAfterAnother_ChangesInTheMiddleAndFindsTheSame()
    {
        var random = new Random(1);
        UnitRows gallery = Random(3_000, Dimension, random), queries = Random(40, Dimension, random);
        double[] penalties = Penalties(gallery.Count, random);
        Neighbor[] expected = Search(new FusedNeighborEngine(gallery, penalties), queries, 5);
        // One that comes alone counts for eight.
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, penalties, repayingQueries: 8 * 20);

        for (int query = 0; query < queries.Count; query++)
        {
            CollectionAssert.AreEqual(expected[(5 * query)..(5 * query + 5)], Search(engine, One(queries, query), 5), $"query {query}");
            Assert.AreEqual(query >= 19, engine.Current is FilterNeighborEngine, $"query {query}");
        }

        string message = Assert.ContainsSingle(_messages);
        Assert.StartsWith($"Rows: 3,000 rows, filter engine, kernel {ByteKernels.Fastest}, prefix of ", message);
    }

    [TestMethod]
    public void Search_Batches_CountEachQueryOnce()
    {
        var random = new Random(2);
        UnitRows gallery = Random(500, Dimension, random);
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, null, repayingQueries: 100);

        Search(engine, Random(50, Dimension, random), 5);
        Search(engine, Random(49, Dimension, random), 5);
        Assert.IsInstanceOfType<FusedNeighborEngine>(engine.Current);

        Search(engine, Random(8, Dimension, random), 5);
        Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
    }

    [TestMethod]
    [DataRow(257)]
    [DataRow(500)]
    public void Search_ManyNeighbors_PrepareNothing(int neighbors)
    {
        var random = new Random(3);
        AdaptiveNeighborEngine engine = CreateAdaptive(Random(500, Dimension, random), null, repayingQueries: 1);

        Search(engine, Random(20, Dimension, random), neighbors);
        Search(engine, new UnitRows(Dimension), 5);

        Assert.IsInstanceOfType<FusedNeighborEngine>(engine.Current);
        Search(engine, Random(1, Dimension, random), 5);
        Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
    }

    [TestMethod]
    public void Search_ReckonedByRates_PreparesWhenTheWorkRepaysIt()
    {
        // Of few axes, so that a filter pays. Products are so fast that this takes more of them than are always made.
        var rates = new KernelRates(CoordinatesPerNanosecond: 750, SinglesPerNanosecond: 250);
        UnitRows gallery = Rows(512, HardRows.Create("rank 20", 5_000, 512, new Random(4)));
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, null, repayingQueries: null, rates);
        float[] queries = [.. Enumerable.Range(0, 1_000).SelectMany(i => gallery[i].ToArray())];
        var best = new Neighbor[1_000 * 5];
        int batches = 0;
        for (; engine.Current is FusedNeighborEngine && batches < 100; batches++)
            engine.Search(queries, 5, best, new ParallelOptions { MaxDegreeOfParallelism = 1 });

        var costs = new FilterCosts(rates, 1_000L * batches, gallery.Count, gallery.Dimension, Threads: 1);
        Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
        Assert.IsLessThan(costs.Fused, FilterPlanner.LeastNanoseconds(costs));
        FilterCosts before = costs with { Queries = 1_000L * (batches - 1) };
        Assert.IsGreaterThanOrEqualTo(before.Fused, FilterPlanner.LeastNanoseconds(before));
    }

    [TestMethod]
    public void Search_FilterWouldBeSlower_IsTriedOnce()
    {
        // Bytes so slow that only few axes could repay them, and rows that vary in all directions.
        UnitRows gallery = Rows(512, HardRows.Create("isotropic", 2_000, 512, new Random(5)));
        KernelRates slowBytes = s_rates with { CoordinatesPerNanosecond = 45 };
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, null, repayingQueries: null, slowBytes);
        float[] queries = [.. Enumerable.Range(0, 1_000).SelectMany(i => gallery[i].ToArray())];
        var best = new Neighbor[1_000 * 5];
        int batches = 0;
        for (; _messages.Count == 0 && batches < 100; batches++)
            engine.Search(queries, 5, best, new ParallelOptions());
        // After as many again another try would be told.
        for (int i = 0; i < 2 * batches; i++)
            engine.Search(queries, 5, best, new ParallelOptions());

        Assert.IsInstanceOfType<FusedNeighborEngine>(engine.Current);
        Assert.StartsWith("Rows: 2,000 rows, fused engine, since bytes would let ", Assert.ContainsSingle(_messages));
    }

    [TestMethod]
    public void Search_ManyThreads_PrepareOnceAndFindTheSame()
    {
        var random = new Random(6);
        UnitRows gallery = Random(6_000, Dimension, random), queries = Random(64, Dimension, random);
        double[] penalties = Penalties(gallery.Count, random), others = Penalties(gallery.Count, random);
        Neighbor[] expected = Search(new FusedNeighborEngine(gallery, penalties), queries, 5);
        Neighbor[] expectedOfOthers = Search(new FusedNeighborEngine(gallery, others), queries, 5);
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, penalties, repayingQueries: 8 * 100);
        var changed = (AdaptiveNeighborEngine)engine.WithPenalties(others);

        Parallel.For(0, 8 * queries.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int query = i % queries.Count;
            bool isChanged = i % 3 == 0;
            Neighbor[] found = Search(isChanged ? changed : engine, One(queries, query), 5);
            CollectionAssert.AreEqual((isChanged ? expectedOfOthers : expected)[(5 * query)..(5 * query + 5)], found);
        });

        Assert.ContainsSingle(_messages);
        Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
    }

    [TestMethod]
    public void Search_WhileAnotherPrepares_DoesNotWaitForIt()
    {
        var random = new Random(7);
        UnitRows gallery = Random(300, Dimension, random), query = Random(1, Dimension, random);
        Neighbor[] expected = Search(new FusedNeighborEngine(gallery, null), query, 5);
        AdaptiveNeighborEngine engine = null!;
        Neighbor[]? found = null;
        // The choice is told before the preparation is over.
        engine = new AdaptiveNeighborEngine(new FilterPreparation(new SearchedRows("Rows", gallery, null, gallery),
            new EngineSelection(null, null, s_rates, RepayingQueries: 1), _ => found = Task.Run(() => Search(engine, query, 5)).Result));

        CollectionAssert.AreEqual(expected, Search(engine, query, 5));

        CollectionAssert.AreEqual(expected, found);
        Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
    }

    [TestMethod]
    public void Search_PreparationIsCancelled_GoesOnAndPreparesAfterAsMuchAgain()
    {
        var random = new Random(8);
        UnitRows gallery = Random(400, Dimension, random), query = Random(1, Dimension, random);
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, null, repayingQueries: 8 * 3);
        Neighbor[] expected = Search(new FusedNeighborEngine(gallery, null), query, 5);
        Search(engine, query, 5);
        Search(engine, query, 5);

        var cancelled = new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => Search(engine, query, 5, cancelled));
        Assert.IsEmpty(_messages);

        for (int i = 1; i <= 3; i++)
        {
            CollectionAssert.AreEqual(expected, Search(engine, query, 5));
            Assert.AreEqual(i == 3, engine.Current is FilterNeighborEngine);
        }

        Assert.ContainsSingle(_messages);
    }

    [TestMethod]
    public void Search_NoMemoryForTheFilter_GoesOnWithoutIt()
    {
        var random = new Random(10);
        UnitRows gallery = Random(300, Dimension, random), query = Random(1, Dimension, random);
        Neighbor[] expected = Search(new FusedNeighborEngine(gallery, null), query, 5);
        // The choice is told when the filter is made, and before it is taken: as if its memory were the last that there was.
        var engine = new AdaptiveNeighborEngine(new FilterPreparation(new SearchedRows("Rows", gallery, null, gallery),
            new EngineSelection(null, null, s_rates, RepayingQueries: 1), message =>
            {
                if (message.Contains("filter engine"))
                    throw new InsufficientMemoryException();
                Tell(message);
            }));

        for (int i = 0; i < 3; i++)
            CollectionAssert.AreEqual(expected, Search(engine, query, 5));

        Assert.IsInstanceOfType<FusedNeighborEngine>(engine.Current);
        Assert.AreEqual("Rows: 300 rows, fused engine, since there is no memory for a filter.", Assert.ContainsSingle(_messages));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void WithPenalties_BeforeOrAfterThePreparation_SharesIt(bool isPreparedBefore)
    {
        var random = new Random(9);
        UnitRows gallery = Random(400, Dimension, random), queries = Random(10, Dimension, random);
        double[] others = Penalties(gallery.Count, random);
        AdaptiveNeighborEngine engine = CreateAdaptive(gallery, null, repayingQueries: 10);
        if (isPreparedBefore)
            Search(engine, queries, 5);
        var changed = (AdaptiveNeighborEngine)engine.WithPenalties(others);

        CollectionAssert.AreEqual(Search(new FusedNeighborEngine(gallery, others), queries, 5), Search(changed, queries, 5));

        var first = Assert.IsInstanceOfType<FilterNeighborEngine>(engine.Current);
        var second = Assert.IsInstanceOfType<FilterNeighborEngine>(changed.Current);
        Assert.AreSame(first.Index.Space, second.Index.Space);
        Assert.ContainsSingle(_messages);
    }

    private static UnitRows One(UnitRows rows, int row) => Rows(rows.Dimension, [rows[row].ToArray()]);

    private AdaptiveNeighborEngine CreateAdaptive(UnitRows gallery, double[]? penalties, long? repayingQueries, KernelRates? rates = null)
        => new(new FilterPreparation(new SearchedRows("Rows", gallery, penalties, gallery),
            new EngineSelection(null, null, rates ?? s_rates, repayingQueries), Tell));

    private void Tell(string message)
    {
        lock (_messages)
            _messages.Add(message);
    }
}
