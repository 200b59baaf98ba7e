namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>The shards of a set of rows.</summary>
internal static class Shards
{
    /// <summary>All of them, in no order.</summary>
    public static LandmarkShard[] Of(int count)
    {
        LandmarkShard[] shards = [.. Enumerable.Range(1, count).Select(number => new LandmarkShard(number, count))];
        new Random(count).Shuffle(shards);
        return shards;
    }
}
