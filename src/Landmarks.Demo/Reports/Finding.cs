using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>What <c>check</c> found, as it is told.</summary>
internal sealed record Finding
{
    public required LandmarkFindingKind Kind { get; init; }

    /// <summary>The photograph that it is about.</summary>
    public required string Id { get; init; }

    public string? Path { get; init; }

    /// <summary>The label of its landmark; null for a non-landmark and for a query.</summary>
    public string? Landmark { get; init; }

    /// <summary>What that is called; the label where it has no name.</summary>
    public string? Name { get; init; }

    /// <summary>The photograph that it is compared with; null where there is none.</summary>
    public string? OtherId { get; init; }

    public string? OtherPath { get; init; }

    /// <summary>The label of the landmark that it is compared with; null for a non-landmark, and where there is none.</summary>
    public string? OtherLandmark { get; init; }

    public string? OtherName { get; init; }

    /// <summary>How sure or how bad it is, in the unit of its kind.</summary>
    public double Score { get; init; }

    /// <summary>What to do.</summary>
    public required string Advice { get; init; }

    /// <summary>Where the photograph stands, in words: under which landmark, or among the non-landmarks; null for a query.</summary>
    [JsonIgnore]
    public string? Place => Name ?? (Kind == LandmarkFindingKind.Leak ? null : FindingKinds.NoLandmark);

    /// <summary>Where the other one stands.</summary>
    [JsonIgnore]
    public string OtherPlace => OtherName ?? FindingKinds.NoLandmark;
}
