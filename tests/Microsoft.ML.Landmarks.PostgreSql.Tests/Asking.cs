using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Asks an index without a model.</summary>
internal static class Asking
{
    /// <summary>One search, which may be cancelled.</summary>
    public static async Task SearchAsync(LandmarkIndex index, CancellationToken cancellation = default)
    {
        float[] query = new float[index.Dimension];
        query[0] = 1;
        var parallelism = new ParallelOptions { CancellationToken = cancellation };
        await index.SearchAsync(query, new LandmarkRequest(3, 3, 1), new LandmarkMatches(), parallelism);
    }
}
