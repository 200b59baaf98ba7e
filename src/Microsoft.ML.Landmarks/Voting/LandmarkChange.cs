namespace Microsoft.ML;

/// <summary>What was added to a fitted model, or removed from it, at one time.</summary>
public sealed record LandmarkChange
{
    /// <summary>When, in UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Rows with a landmark that came; those that were left out, since they have no cosine, are not counted.</summary>
    public int AddedLandmarkRows { get; init; }

    /// <summary>Rows without a landmark that came.</summary>
    public int AddedNonLandmarkRows { get; init; }

    /// <summary>Rows with a landmark that went; those that new ones have replaced are counted.</summary>
    public int RemovedLandmarkRows { get; init; }

    /// <summary>Rows without a landmark that went.</summary>
    public int RemovedNonLandmarkRows { get; init; }
}
