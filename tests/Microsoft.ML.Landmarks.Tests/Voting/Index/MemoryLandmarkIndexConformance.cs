using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

/// <summary>What an index of rows in memory must do besides, whatever engine searches them.</summary>
public abstract class MemoryLandmarkIndexConformance : LandmarkIndexConformance
{
    private protected abstract INeighborEngine CreateEngine(UnitRows rows, double[]? penalties);

    private protected override Task<LandmarkIndex> CreateAsync(Gallery gallery) => Task.FromResult<LandmarkIndex>(Create(gallery));

    [TestMethod]
    public async Task SearchAsync_AfterReleaseAndDispose_FindsTheSame()
    {
        Gallery gallery = Rows(landmarks: 200, nonLandmarks: 50);
        MemoryLandmarkIndex index = Create(gallery);
        var request = new LandmarkRequest(4, 4, 0.5);
        await AssertSameAsPlain(index, gallery, Queries(9), request, new LandmarkMatches());
        index.Release(0.5);
        index.Release(7);
        await AssertSameAsPlain(index, gallery, Queries(9), request, new LandmarkMatches());
        index.Dispose();

        await AssertSameAsPlain(index, gallery, Queries(9), request, new LandmarkMatches());

        index.Dispose();
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    [DataRow(6)]
    public void VisitNearestNonLandmarks_KeptOrNot_AreThoseOfThePlainSearch(int kept)
    {
        Gallery gallery = Rows(landmarks: 120, nonLandmarks: 50);
        using MemoryLandmarkIndex index = Create(gallery, kept);
        int visited = 0;

        index.VisitNearestNonLandmarks(5, new ParallelOptions(), (row, nearest) =>
        {
            Assert.AreEqual(visited++, row);
            CollectionAssert.AreEqual(PlainNonLandmarks(gallery, gallery.Landmarks[row]).Take(5).ToArray(), nearest.ToArray());
        });

        Assert.AreEqual(120, visited);
    }

    private MemoryLandmarkIndex Create(Gallery gallery, int kept = 0)
    {
        NearestNonLandmarks? nearest = kept == 0 ? null : NearestNonLandmarks.Allocate(gallery.Landmarks, kept);
        for (int row = 0; row < gallery.Landmarks.Count; row++)
            nearest?.Set(row, [.. PlainNonLandmarks(gallery, gallery.Landmarks[row]).Take(kept)]);
        return new MemoryLandmarkIndex(
            gallery, CreateEngine(gallery.Landmarks, gallery.Penalties), CreateEngine(gallery.NonLandmarks, null), nearest);
    }
}
