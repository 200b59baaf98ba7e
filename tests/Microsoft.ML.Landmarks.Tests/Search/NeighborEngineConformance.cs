using CsCheck;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Search;

/// <summary>What every search engine must do: give the rows and scores of a plain search, to the last bit.</summary>
public abstract class NeighborEngineConformance
{
    private protected abstract INeighborEngine Create(UnitRows gallery, double[]? penalties);

    [TestMethod]
    public void Search_RandomRows_EqualsThePlainSearch()
        => Gen.Select(Gen.Int[1, 80], Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 12], Gen.Bool, Gen.Int[0, 1_000_000]).Sample(
            (dimension, rows, queries, k, withPenalties, seed) =>
            {
                var random = new Random(seed);
                AssertSameAsPlain(Random(rows, dimension, random), withPenalties ? Penalties(rows, random) : null,
                    Random(queries, dimension, random), k);
            }, iter: 200, seed: "0N0XIzNsQ0O2");

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(37, 300)]
    [DataRow(512, 200)]
    [DataRow(1280, 100)]
    [DataRow(4096, 20)]
    public void Search_Dimension_EqualsThePlainSearch(int dimension, int rows)
    {
        var random = new Random(dimension);
        AssertSameAsPlain(Random(rows, dimension, random), Penalties(rows, random), Random(33, dimension, random), 5);
    }

    [TestMethod]
    [DataRow(1, 5_000)]
    [DataRow(3, 5_000)]
    [DataRow(100, 2_500)]
    public void Search_ManyRows_EqualsThePlainSearch(int queries, int rows)
    {
        // Enough for one query to be searched by several threads.
        var random = new Random(queries);
        AssertSameAsPlain(Random(rows, 512, random), Penalties(rows, random), Random(queries, 512, random), 10);
    }

    [TestMethod]
    [DataRow(99)]
    [DataRow(100)]
    [DataRow(3_000)]
    public void Search_ManyNeighbors_EqualsThePlainSearch(int rows)
    {
        // Of few dimensions, so that bounds are close to the scores.
        var random = new Random(rows);
        float[][] all = [.. HardRows.Create("rank 20", rows + 30, 160, random)];
        AssertSameAsPlain(Rows(160, all[..rows]), [.. Penalties(rows, random).Select(p => 0.1 * p)], Rows(160, all[rows..]), 100);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(50)]
    public void Search_RowsInSeveralBlocks_EqualsThePlainSearch(int queries)
    {
        // No similarity is positive, so that the places that fill up a block's last tile, were they taken for rows, would be the best.
        const int Dimension = 48, RowsInBlock = 37;
        var random = new Random(13);
        var gallery = new UnitRows(Dimension, RowsInBlock * Dimension);
        for (int row = 0; row < 4 * RowsInBlock + 5; row++)
            gallery.Add(Unit([.. Enumerable.Range(0, Dimension).Select(_ => -random.NextSingle())]));
        UnitRows positive = Rows(Dimension, Enumerable.Range(0, queries)
            .Select(_ => Unit([.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle())])));

        AssertSameAsPlain(gallery, null, positive, 5);
        AssertSameAsPlain(gallery, Penalties(gallery.Count, random), positive, 5);
    }

    [TestMethod]
    public void Search_FewQueriesOfManyRows_AreSharedByThreads()
    {
        // Enough rows for each of four threads to search a part, the last of which is no whole leaf; rows that are equal stand in several
        // parts.
        const int Count = 17_001;
        var random = new Random(12);
        UnitRows few = Random(3_000, 128, random),
            gallery = Rows(128, Enumerable.Range(0, Count).Select(i => few[i % few.Count].ToArray())), queries = Random(2, 128, random);
        double[] penalties = Penalties(Count, random);
        double[,] products = PlainDots(queries, gallery);
        using INeighborEngine engine = Create(gallery, null), penalized = engine.WithPenalties(penalties);
        for (int threads = 1; threads <= 4; threads++)
        {
            AssertSameAsPlain(engine, null, queries, 12, products, new ParallelOptions { MaxDegreeOfParallelism = threads });
            AssertSameAsPlain(penalized, penalties, queries, 12, products, new ParallelOptions { MaxDegreeOfParallelism = threads });
        }
    }

    [TestMethod]
    public void Search_EqualScores_LowerRowFirst()
    {
        var random = new Random(1);
        UnitRows few = Random(4, 16, random);
        UnitRows gallery = Rows(16, Enumerable.Range(0, 60).Select(i => few[i % 4].ToArray()));

        Neighbor[] best = Search(Create(gallery, null), few, 20);

        for (int query = 0; query < few.Count; query++)
        {
            Neighbor[] own = best[(query * 20)..(query * 20 + 15)];
            CollectionAssert.AreEqual(Enumerable.Range(0, 15).Select(i => query + 4 * i).ToArray(), own.Select(n => n.Row).ToArray());
        }

        AssertSameAsPlain(gallery, null, few, 20);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(64)]
    [DataRow(131)]
    public void Search_EachNumberOfNeighborsOfEqualRows_EqualsThePlainSearch(int rows)
    {
        // Few different rows and penalties, so that most scores are equal to others, at the last place too; one query, and enough to be
        // packed.
        var random = new Random(rows);
        UnitRows few = Random(5, 24, random), gallery = Rows(24, Enumerable.Range(0, rows).Select(_ => few[random.Next(5)].ToArray()));
        double[] penalties = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3) / 4.0)];
        using INeighborEngine engine = Create(gallery, penalties);
        foreach (UnitRows queries in (UnitRows[])[Rows(24, [few[0].ToArray()]), few, Random(13, 24, random)])
        {
            double[,] products = PlainDots(queries, gallery);
            for (int k = 1; k <= rows + 1; k++)
                AssertSameAsPlain(engine, penalties, queries, k, products);
        }
    }

    [TestMethod]
    [DataRow(255)]
    [DataRow(256)]
    [DataRow(257)]
    [DataRow(1_000)]
    [DataRow(4_999)]
    [DataRow(5_000)]
    [DataRow(5_001)]
    public void Search_ManyNeighborsOfEqualRows_EqualsThePlainSearch(int k)
    {
        var random = new Random(k);
        UnitRows few = Random(1_700, 64, random), queries = Random(9, 64, random);
        UnitRows gallery = Rows(64, Enumerable.Range(0, 5_000).Select(i => few[i % few.Count].ToArray()));
        double[] penalties = [.. Enumerable.Range(0, gallery.Count).Select(_ => random.Next(3) / 4.0)];
        double[,] products = PlainDots(queries, gallery);
        using INeighborEngine engine = Create(gallery, null), penalized = engine.WithPenalties(penalties);

        AssertSameAsPlain(engine, null, queries, k, products);
        AssertSameAsPlain(penalized, penalties, queries, k, products, new ParallelOptions { MaxDegreeOfParallelism = 3 });
        AssertSameAsPlain(penalized, penalties, Rows(64, [queries[4].ToArray()]), k, PlainDots(Rows(64, [queries[4].ToArray()]), gallery));
    }

    [TestMethod]
    public void Search_NearlyEqualRows_AreToldApart()
    {
        // Differences far below the rounding of a single-precision product.
        var random = new Random(2);
        float[] center = Random(1, 256, random)[0].ToArray();
        UnitRows gallery = Rows(256, Enumerable.Range(0, 200).Select(_ => Unit([.. center.Select(v => v + 1e-7f * random.NextSingle())])));
        AssertSameAsPlain(gallery, null, Rows(256, [center]), 50);
    }

    [TestMethod]
    public void Search_PenaltiesOfAnySize_Decide()
    {
        var random = new Random(3);
        UnitRows gallery = Random(100, 24, random), queries = Random(10, 24, random);
        foreach (double size in (double[])[1e-6, 1, 1e6])
            AssertSameAsPlain(gallery, [.. Enumerable.Range(0, 100).Select(_ => size * (random.NextDouble() - 0.5))], queries, 7);
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(30)]
    [DataRow(100)]
    [DataRow(2_000)]
    public void Search_LargestPenaltiesBesideSmallOnes_Decide(int rows)
    {
        // Fewer small ones than neighbors, as many, and more; one query, and several.
        var random = new Random(rows);
        UnitRows gallery = Random(rows, 96, random), queries = Random(9, 96, random), query = Random(1, 96, random);
        const double Largest = KnnLandmarkEstimator.LargestWeight;
        double[] alternating = [.. Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? Largest : 0.1)],
            any = [.. Penalties(rows, random).Select(p => (2 * p - 1) * Largest)];
        foreach (double[] penalties in (double[][])[alternating, any])
        {
            AssertSameAsPlain(gallery, penalties, queries, 20);
            AssertSameAsPlain(gallery, penalties, query, 20);
        }
    }

    [TestMethod]
    public void WithPenalties_Others_DecideInstead()
    {
        var random = new Random(10);
        UnitRows gallery = Random(300, 100, random), queries = Random(20, 100, random);
        double[,] products = PlainDots(queries, gallery);
        foreach (double size in (double[])[1, 1e6])
        {
            double[]? penalties = size == 1 ? null : Penalties(300, random);
            double[] others = [.. Penalties(300, random).Select(p => size * (p - 0.5))];
            using INeighborEngine engine = Create(gallery, penalties), changed = engine.WithPenalties(others),
                twice = changed.WithPenalties(Penalties(300, new Random(11)));

            AssertSameAsPlain(changed, others, queries, 7, products);
            AssertSameAsPlain(twice, Penalties(300, new Random(11)), queries, 7, products);
            AssertSameAsPlain(engine, penalties, queries, 7, products);
        }
    }

    [TestMethod]
    public void Search_ZeroRowsAndQueries_ScoreZero()
    {
        UnitRows gallery = Rows(8, [new float[8], Random(1, 8, new Random(4))[0].ToArray(), new float[8]]);

        Neighbor[] best = Search(Create(gallery, null), Rows(8, [new float[8]]), 3);

        CollectionAssert.AreEqual(new[] { new Neighbor(0, 0), new Neighbor(1, 0), new Neighbor(2, 0) }, best);
    }

    [TestMethod]
    public void Search_MoreNeighborsThanRows_LeavesTheRestUnused()
    {
        var random = new Random(5);
        UnitRows gallery = Random(3, 8, random);

        Neighbor[] best = Search(Create(gallery, null), Random(2, 8, random), 5);

        foreach (int unused in (int[])[3, 4, 8, 9])
            Assert.AreEqual(Neighbor.None, best[unused]);
        Assert.IsTrue(best[0].Row >= 0 && best[2].Row >= 0 && best[5].Row >= 0 && best[7].Row >= 0);
    }

    [TestMethod]
    public void Search_AnyBatchAndThreads_GivesTheSameBits()
    {
        var random = new Random(6);
        UnitRows gallery = Random(500, 48, random), queries = Random(65, 48, random);
        INeighborEngine engine = Create(gallery, Penalties(500, random));
        Neighbor[] expected = Search(engine, queries, 5);

        Neighbor[] oneThread = Search(engine, queries, 5, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Neighbor[] oneByOne = [.. Enumerable.Range(0, queries.Count).SelectMany(i => Search(engine, Rows(48, [queries[i].ToArray()]), 5))];

        CollectionAssert.AreEqual(expected, oneThread);
        CollectionAssert.AreEqual(expected, oneByOne);
    }

    [TestMethod]
    public void Search_SeveralThreadsAtOnce_GiveTheSame()
    {
        var random = new Random(7);
        UnitRows gallery = Random(300, 32, random), queries = Random(40, 32, random);
        INeighborEngine engine = Create(gallery, null);
        Neighbor[] expected = Search(engine, queries, 5);

        Parallel.For(0, 8, _ => CollectionAssert.AreEqual(expected, Search(engine, queries, 5)));
    }

    [TestMethod]
    [DataRow("isotropic")]
    [DataRow("around a mean")]
    [DataRow("duplicates")]
    [DataRow("near duplicates")]
    [DataRow("rank 20")]
    [DataRow("rank 1")]
    [DataRow("with zero rows")]
    [DataRow("heavy tails")]
    [DataRow("one coordinate")]
    public void Search_RowsOfManyKinds_EqualsThePlainSearch(string kind)
    {
        const int Dimension = 160, Queries = 9;
        var random = new Random(kind.Length);
        foreach (int count in (int[])[3, 40, 5037])
        {
            // The queries are of the same kind, some of them rows of the gallery.
            float[][] all = [.. HardRows.Create(kind, count + Queries, Dimension, random)];
            UnitRows gallery = Rows(Dimension, all[..count]), queries = Rows(Dimension, all[count..].Concat(all[..3]));
            double[,] products = PlainDots(queries, gallery);
            foreach (double penalty in (double[])[0, 1, 40, 1e6])
            {
                double[]? penalties = penalty == 0
                    ? null : [.. Enumerable.Range(0, count).Select(_ => penalty * (random.NextDouble() - 0.04))];
                AssertSameAsPlain(Create(gallery, penalties), penalties, queries, 10, products);
            }
        }
    }

    [TestMethod]
    public void Search_Cancelled_Throws()
    {
        var random = new Random(8);
        INeighborEngine engine = Create(Random(100, 8, random), null);
        var options = new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) };

        Assert.Throws<OperationCanceledException>(() => Search(engine, Random(1, 8, random), 1, options));
        Assert.Throws<OperationCanceledException>(() => Search(engine, Random(100, 8, random), 1, options));
        Assert.Throws<OperationCanceledException>(() => Search(engine, Random(100, 8, random), 99, options));
        Assert.Throws<OperationCanceledException>(() => Search(engine, Random(1, 8, random), 100, options));
    }

    [TestMethod]
    public void Search_NoQuery_GivesNothing()
        => Assert.IsEmpty(Search(Create(Random(10, 8, new Random(9)), null), new UnitRows(8), 5));

    private void AssertSameAsPlain(UnitRows gallery, double[]? penalties, UnitRows queries, int k)
        => AssertSameAsPlain(Create(gallery, penalties), penalties, queries, k, PlainDots(queries, gallery));

    private static void AssertSameAsPlain(INeighborEngine engine, double[]? penalties, UnitRows queries, int k, double[,] products,
        ParallelOptions? options = null)
    {
        Neighbor[] best = Search(engine, queries, k, options);
        for (int query = 0; query < queries.Count; query++)
        {
            Neighbor[] expected = [.. Enumerable.Range(0, products.GetLength(1))
                .Select(row => new Neighbor(row, products[query, row] - (penalties?[row] ?? 0)))
                .OrderByDescending(n => n.Score).ThenBy(n => n.Row)
                .Concat(Enumerable.Repeat(Neighbor.None, k)).Take(k)];
            CollectionAssert.AreEqual(expected, best[(query * k)..((query + 1) * k)], $"query {query}");
        }
    }

    private static double[,] PlainDots(UnitRows queries, UnitRows gallery)
    {
        var products = new double[queries.Count, gallery.Count];
        for (int query = 0; query < queries.Count; query++)
        {
            for (int row = 0; row < gallery.Count; row++)
                products[query, row] = PlainDot(queries[query], gallery[row]);
        }

        return products;
    }

    // The order of summation that ExactDot states, value by value.
    internal static double PlainDot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var chains = new double[4, 8];
        for (int i = 0; i < a.Length; i++)
            chains[i / 8 % 4, i % 8] += (double)a[i] * b[i];
        var lanes = new double[8];
        for (int lane = 0; lane < 8; lane++)
            lanes[lane] = (chains[0, lane] + chains[1, lane]) + (chains[2, lane] + chains[3, lane]);
        return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    }

    internal static Neighbor[] Search(INeighborEngine engine, UnitRows queries, int k, ParallelOptions? options = null)
    {
        float[] values = [.. Enumerable.Range(0, queries.Count).SelectMany(i => queries[i].ToArray())];
        var best = new Neighbor[queries.Count * k];
        engine.Search(values, k, best, options ?? new ParallelOptions());
        return best;
    }

    internal static double[] Penalties(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];

    internal static UnitRows Random(int count, int dimension, Random random)
        => Rows(dimension, Enumerable.Range(0, count)
        .Select(_ => Unit([.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.3f)])));

    internal static float[] Unit(float[] row)
    {
        Assert.IsTrue(UnitVector.TryNormalize(row));
        return row;
    }

    internal static UnitRows Rows(int dimension, IEnumerable<float[]> rows)
    {
        var result = new UnitRows(dimension);
        foreach (float[] row in rows)
            result.Add(row);
        return result;
    }
}
