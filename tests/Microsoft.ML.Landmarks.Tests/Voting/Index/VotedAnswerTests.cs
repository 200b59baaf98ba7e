using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

[TestClass]
public sealed class VotedAnswerTests
{
    private static readonly LandmarkNeighbor[] s_neighbors =
    [
        new(5_000_000_000, Landmark: 7, Cosine: 0.75, Penalty: 0.25, Score: 0.5),
        new(3, Landmark: 8, Cosine: 0.5, Penalty: 0.125, Score: 0.375),
        new(4, Landmark: 8, Cosine: 0.375, Penalty: 0, Score: 0.375),
        new(9, Landmark: 2, Cosine: 0, Penalty: 0.25, Score: -0.25),
    ];

    private static readonly NonLandmarkNeighbor[] s_nonLandmarks = [new(6_000_000_000, 0.5), new(1, 0.25)];

    [TestMethod]
    public void Create_NeighborsAndNonLandmarks_SaysAllOfTheAnswer()
    {
        VotedAnswer answer = Create(s_neighbors, s_nonLandmarks, new VoteSettings(1, 3, 2));

        CollectionAssert.AreEqual(new RankedLandmark[] { new(8, 1, 0.28125), new(7, 0, 0.25), new(2, 3, -0.0625) },
            answer.Landmarks.ToArray());
        CollectionAssert.AreEqual(new[] { 0.25, 0.140625, 0.140625, -0.0625 }, answer.Votes.ToArray());
        CollectionAssert.AreEqual(s_neighbors, answer.Neighbors.ToArray());
        Assert.AreEqual(0.375, answer.QueryPenalty);
        Assert.AreEqual(0.28125f - 3 * 0.375f, answer.Confidence);
    }

    [TestMethod]
    public void Create_NoNonLandmarks_TakesNothingOff()
    {
        VotedAnswer answer = Create(s_neighbors, [], new VoteSettings(1, 3, 1));

        Assert.AreEqual(0, answer.QueryPenalty);
        Assert.AreEqual(0.75f, answer.Confidence);
    }

    [TestMethod]
    public void Create_BuffersOfALongerAnswer_ShowsItsOwnPartsAlone()
    {
        var votes = new double[4];
        var ranked = new RankedLandmark[4];
        VotedAnswer.Create(s_neighbors, s_nonLandmarks, VoteSettings.Plain, votes, ranked);

        VotedAnswer answer = VotedAnswer.Create(s_neighbors.AsSpan(3), [], VoteSettings.Plain, votes, ranked);

        CollectionAssert.AreEqual(new RankedLandmark[] { new(2, 0, -0.25) }, answer.Landmarks.ToArray());
        CollectionAssert.AreEqual(new[] { -0.25 }, answer.Votes.ToArray());
    }

    [TestMethod]
    public void Create_ManyAnswers_AllocateNothing()
    {
        var votes = new double[4];
        var ranked = new RankedLandmark[4];
        VotedAnswer.Create(s_neighbors, s_nonLandmarks, VoteSettings.Plain, votes, ranked);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1_000; i++)
            VotedAnswer.Create(s_neighbors, s_nonLandmarks, VoteSettings.Plain, votes, ranked);

        // Less than one byte each: what the runtime allocates once is not ours.
        Assert.IsLessThan(1_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static VotedAnswer Create(LandmarkNeighbor[] neighbors, NonLandmarkNeighbor[] nonLandmarks, VoteSettings settings)
        => VotedAnswer.Create(neighbors, nonLandmarks, settings, new double[neighbors.Length], new RankedLandmark[neighbors.Length]);
}
