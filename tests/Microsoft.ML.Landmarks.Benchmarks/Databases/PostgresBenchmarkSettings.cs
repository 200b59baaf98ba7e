namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>What is measured.</summary>
/// <param name="Rows"><c>synthetic</c> or <c>network</c>.</param>
/// <param name="Train">Landmark rows that are searched.</param>
/// <param name="Loaded">Landmark rows that are loaded, and that others are added to.</param>
/// <param name="NonLandmarks">Non-landmark rows.</param>
/// <param name="Added">Landmark rows that are added at a time.</param>
/// <param name="Queries">Queries.</param>
/// <param name="Batch">How many of them are asked at once.</param>
/// <param name="Dimension">Values of a row.</param>
/// <param name="Passes">Times over.</param>
internal sealed record PostgresBenchmarkSettings(string Rows, int Train, int Loaded, int NonLandmarks, int Added, int Queries, int Batch,
    int Dimension, int Passes)
{
    /// <summary>Landmark rows that are added in all: one after the other, and then at once in each pass.</summary>
    public int AddedInAll => Added * (1 + Passes);

    /// <summary>The rows of all that is measured.</summary>
    public SearchSettings Made => new(Rows, Math.Max(Train, Loaded + AddedInAll), NonLandmarks, Queries, Dimension, [], null, "", null);
}
