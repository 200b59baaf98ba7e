namespace Landmarks.Demo.Reports.Html;

/// <summary>What a report on a check tells.</summary>
internal sealed record CheckReport
{
    /// <summary>What was looked at, in a few words.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset Made { get; init; }

    /// <summary>All findings, by worth.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What was not looked for, and why; empty where all was.</summary>
    public string Limits { get; init; } = "";
}
