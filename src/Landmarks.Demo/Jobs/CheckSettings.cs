using Landmarks.Demo.Data;
using Landmarks.Demo.Reports;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>What is looked for in photographs, and where findings go.</summary>
internal sealed record CheckSettings
{
    /// <summary>Photographs that should not be among the references; null for none.</summary>
    public QuerySource? Queries { get; init; }

    /// <summary>The kinds that are told.</summary>
    public IReadOnlySet<LandmarkFindingKind> Kinds { get; init; } = FindingKinds.All.ToHashSet();

    /// <summary>How many of each kind are told; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>The kinds of which there must be none.</summary>
    public IReadOnlySet<LandmarkFindingKind> Failing { get; init; } = new HashSet<LandmarkFindingKind>();

    /// <summary>The form of the findings; null for text among what else is said.</summary>
    public ResultFormat? Format { get; init; }

    /// <summary>Where they go; null for standard output.</summary>
    public string? OutputFile { get; init; }

    /// <summary>The report that is made; null for none.</summary>
    public ReportSettings? Report { get; init; }

    /// <summary>The files that are written.</summary>
    public IEnumerable<string> Outputs => new[] { OutputFile, Report?.File }.OfType<string>();
}
