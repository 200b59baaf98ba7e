namespace Microsoft.ML;

/// <summary>Something that may be wrong with a photograph, or with two. Made by
/// <see cref="LandmarksCatalog.CheckLandmarks"/>.</summary>
public sealed record LandmarkFinding
{
    internal LandmarkFinding(LandmarkFindingKind kind, double score, string advice) => (Kind, Score, Advice) = (kind, score, advice);

    /// <summary>What it is.</summary>
    public LandmarkFindingKind Kind { get; }

    /// <summary>The position of the photograph in the view of rows, from 0; of a leak, in that of queries.</summary>
    public required long Row { get; init; }

    /// <summary>Its id; its position where there are no ids.</summary>
    public required string Id { get; init; }

    /// <summary>The label of its landmark as text; null for a non-landmark and for a query.</summary>
    public string? Landmark { get; init; }

    /// <summary>The position of the other photograph in the view of rows; null where there is none.</summary>
    public long? OtherRow { get; init; }

    /// <summary>Its id.</summary>
    public string? OtherId { get; init; }

    /// <summary>The label of the other landmark: that of the other photograph, or the one that is voted for; null where there is
    /// none.</summary>
    public string? OtherLandmark { get; init; }

    /// <summary>How sure or how bad it is; what it means, and its range, <see cref="LandmarkFindingKind"/> says of each kind.</summary>
    public double Score { get; }

    /// <summary>A sentence that says what to do.</summary>
    public string Advice { get; }
}
