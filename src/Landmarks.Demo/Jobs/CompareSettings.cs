using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.Jobs;

/// <summary>What is compared, and by what.</summary>
internal sealed record CompareSettings
{
    /// <summary>What the models are fitted to.</summary>
    public required FitSettings Fit { get; init; }

    /// <summary>Reads what they are compared by.</summary>
    public required Func<Session, KnownQueries> ReadQueries { get; init; }

    /// <summary>The files of the queries.</summary>
    public IReadOnlyList<string> QueryFiles { get; init; } = [];

    /// <summary>A model that is compared with those that are fitted; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>The schema that holds its rows; null where they are in its file.</summary>
    public string? Index { get; init; }

    /// <summary>The report that is made; null for none.</summary>
    public ReportSettings? Report { get; init; }

    /// <summary>The files that are read, but for photographs.</summary>
    public IEnumerable<string> Inputs => [.. Fit.InputFiles, .. QueryFiles, .. new[] { Model }.OfType<string>()];
}
