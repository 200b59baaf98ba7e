using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

/// <summary>What an index must do wherever its rows are and whatever searches them: find what a plain search finds, to the last
/// bit.</summary>
public abstract class LandmarkIndexConformance
{
    private const int Dimension = 96;

    private static readonly ParallelOptions s_parallelism = new();

    private protected abstract Task<LandmarkIndex> CreateAsync(Gallery gallery);

    [TestMethod]
    [DataRow(1, 5, 10, 1)]
    [DataRow(1, 5, 10, 0.25)]
    [DataRow(40, 5, 10, 1)]
    [DataRow(40, 7, 3, 0)]
    [DataRow(40, 1, 0, 3)]
    [DataRow(40, 0, 4, 1)]
    public async Task SearchAsync_Queries_EqualsThePlainSearch(int queries, int neighbors, int nonLandmarks, double weight)
    {
        Gallery gallery = Rows(landmarks: 300, nonLandmarks: 90);
        using LandmarkIndex index = await CreateAsync(gallery);
        await AssertSameAsPlain(
            index, gallery, Queries(queries), new LandmarkRequest(neighbors, nonLandmarks, weight), new LandmarkMatches());
    }

    [TestMethod]
    public async Task SearchAsync_MoreThanThereAre_FindsAllOfThem()
    {
        Gallery gallery = Rows(landmarks: 7, nonLandmarks: 3);
        using LandmarkIndex index = await CreateAsync(gallery);
        var matches = new LandmarkMatches();

        await AssertSameAsPlain(index, gallery, Queries(5), new LandmarkRequest(int.MaxValue, int.MaxValue, 1), matches);

        Assert.AreEqual(7, matches.NeighborsOf(4).Length);
        Assert.AreEqual(3, matches.NonLandmarksOf(4).Length);
    }

    [TestMethod]
    public async Task SearchAsync_NoNonLandmarks_FindsNone()
    {
        Gallery gallery = Rows(landmarks: 7, nonLandmarks: 0);
        using LandmarkIndex index = await CreateAsync(gallery);
        var matches = new LandmarkMatches();

        await AssertSameAsPlain(index, gallery, Queries(5), new LandmarkRequest(2, 2, 1), matches);

        Assert.AreEqual(0, matches.NonLandmarksOf(4).Length);
    }

    [TestMethod]
    public async Task SearchAsync_OneBatchAfterAnother_UsesTheSameBuffers()
    {
        Gallery gallery = Rows(landmarks: 200, nonLandmarks: 50);
        using LandmarkIndex index = await CreateAsync(gallery);
        var matches = new LandmarkMatches();
        await AssertSameAsPlain(index, gallery, Queries(9), new LandmarkRequest(3, 5, 1), matches);
        await AssertSameAsPlain(index, gallery, Queries(2), new LandmarkRequest(8, 1, 0.5), matches);
        await AssertSameAsPlain(index, gallery, Queries(0), new LandmarkRequest(3, 5, 1), matches);
        await AssertSameAsPlain(index, gallery, Queries(30), new LandmarkRequest(3, 5, 1), matches);
    }

    [TestMethod]
    public async Task SearchAsync_SeveralAtOnce_FindTheSame()
    {
        Gallery gallery = Rows(landmarks: 200, nonLandmarks: 50);
        using LandmarkIndex index = await CreateAsync(gallery);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => AssertSameAsPlain(index, gallery, Queries(5), new LandmarkRequest(4, 4, i % 3), new LandmarkMatches()))));
    }

    [TestMethod]
    public async Task SearchAsync_Cancelled_Throws()
    {
        Gallery gallery = Rows(landmarks: 200, nonLandmarks: 50);
        using LandmarkIndex index = await CreateAsync(gallery);
        var cancelled = new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) };

        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await index.SearchAsync(Values(Queries(3)), new LandmarkRequest(4, 4, 1), new LandmarkMatches(), cancelled));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await index.ExpandAsync(Values(Queries(3)), 2, 1, cancelled));
    }

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(0.5, 500)]
    public async Task ExpandAsync_Queries_AreAveragedWithTheirNeighbors(double weight, int count)
    {
        Gallery gallery = Rows(landmarks: 200, nonLandmarks: 50);
        using LandmarkIndex index = await CreateAsync(gallery);
        UnitRows queries = Queries(12);
        float[] expanded = Values(queries);

        await index.ExpandAsync(expanded, count, weight, s_parallelism);

        for (int query = 0; query < queries.Count; query++)
        {
            float[] expected = queries[query].ToArray();
            Neighbor[] nearest
                = [.. PlainNeighbors(gallery, expected, weight).Take(count).Select(n => new Neighbor((int)n.Row, n.Score))];
            QueryExpansion.Average(expected, nearest, gallery.Landmarks, new double[Dimension]);
            CollectionAssert.AreEqual(expected, expanded[(query * Dimension)..((query + 1) * Dimension)]);
        }
    }

    private protected static async Task AssertSameAsPlain(
        LandmarkIndex index, Gallery gallery, UnitRows queries, LandmarkRequest request, LandmarkMatches matches)
    {
        await index.SearchAsync(Values(queries), request, matches, s_parallelism);

        for (int query = 0; query < queries.Count; query++)
        {
            IEnumerable<LandmarkNeighbor> neighbors = PlainNeighbors(gallery, queries[query], request.PenaltyWeight);
            CollectionAssert.AreEqual(neighbors.Take(request.Neighbors).ToArray(), matches.NeighborsOf(query).ToArray());
            CollectionAssert.AreEqual(PlainNonLandmarks(gallery, queries[query]).Take(request.NonLandmarks).ToArray(),
                matches.NonLandmarksOf(query).ToArray());
        }
    }

    private static IEnumerable<LandmarkNeighbor> PlainNeighbors(Gallery gallery, ReadOnlySpan<float> query, double weight)
    {
        var rows = new LandmarkNeighbor[gallery.Landmarks.Count];
        for (int row = 0; row < rows.Length; row++)
        {
            double cosine = NeighborEngineConformance.PlainDot(query, gallery.Landmarks[row]), penalty = weight * gallery.Penalties[row];
            rows[row] = new LandmarkNeighbor(row, gallery.Labels.LandmarkOfRow[row], cosine, penalty, cosine - penalty);
        }

        return rows.OrderByDescending(n => n.Score).ThenBy(n => n.Row);
    }

    private protected static IEnumerable<NonLandmarkNeighbor> PlainNonLandmarks(Gallery gallery, ReadOnlySpan<float> query)
    {
        var rows = new NonLandmarkNeighbor[gallery.NonLandmarks.Count];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = new NonLandmarkNeighbor(row, NeighborEngineConformance.PlainDot(query, gallery.NonLandmarks[row]));
        return rows.OrderByDescending(n => n.Cosine).ThenBy(n => n.Row);
    }

    private static float[] Values(UnitRows rows) => [.. Enumerable.Range(0, rows.Count).SelectMany(i => rows[i].ToArray())];

    private protected static UnitRows Queries(int count) => NeighborEngineConformance.Random(count, Dimension, new Random(3));

    private protected static Gallery Rows(int landmarks, int nonLandmarks)
    {
        var random = new Random(landmarks);
        // Every fourth row stands there twice, so that scores are equal often.
        UnitRows some = NeighborEngineConformance.Random(landmarks, Dimension, random);
        UnitRows rows = NeighborEngineConformance.Rows(Dimension,
            Enumerable.Range(0, landmarks).Select(i => some[i % 4 == 3 ? i - 3 : i].ToArray()));
        UnitRows others = NeighborEngineConformance.Random(nonLandmarks, Dimension, random);
        double[] penalties = [.. Enumerable.Range(0, landmarks).Select(_ => random.Next(4) / 4.0)];
        int[] landmarkOfRow = [.. Enumerable.Range(0, landmarks).Select(row => row % 5)];
        LandmarkLabel[] fiveLabels = [.. Enumerable.Range(0, 5).Select(i => new LandmarkLabel(i, null))];
        var labels = new LandmarkLabels(NumberDataViewType.Int32, null, fiveLabels, landmarkOfRow);
        return new Gallery(rows, labels, null, penalties, others);
    }
}
