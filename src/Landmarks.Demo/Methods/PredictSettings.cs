using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>By what queries are answered, and how.</summary>
internal sealed record PredictSettings
{
    public required string Model { get; init; }

    /// <summary>The schema that holds its rows; null where they are in its file.</summary>
    public string? Index { get; init; }

    /// <summary>How many rows of a query its HNSW index proposes; null where all are searched.</summary>
    public int? Hnsw { get; init; }

    /// <summary>A file with the names of landmarks.</summary>
    public string? Names { get; init; }

    /// <summary>The files that say by what queries are answered.</summary>
    public IEnumerable<string> Inputs => new[] { Model, Names, Truth }.OfType<string>();

    /// <summary>What becomes of a photograph that can't be read; null: the others are answered, and the exit code says that something
    /// failed.</summary>
    public BadImageHandling? BadImages { get; init; }

    /// <summary>Whether a photograph that can't be read is the last.</summary>
    public bool StopsAtBadImage => BadImages == BadImageHandling.Throw;

    /// <summary>How many of the best landmarks are told; null for what suits the form of the answers.</summary>
    public int? Top { get; init; }

    /// <summary>The share of photographs of nothing that may be answered; null: the model's.</summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>The share of photographs of unknown landmarks that may be answered; null: the model's.</summary>
    public double? UnknownLandmarkRate { get; init; }

    /// <summary>The report that is made; null for none.</summary>
    public ReportSettings? Report { get; init; }

    /// <summary>A file that says what the photographs show, for the report; null where none does.</summary>
    public string? Truth { get; init; }

    /// <summary>Whether ids begin with the folder of what the photographs show, for the report.</summary>
    public bool FoldersAreTruth { get; init; }

    /// <summary>The folder whose photographs show no landmark; null for none.</summary>
    public string? NonLandmarkFolder { get; init; }

    /// <summary>The most pixels of a photograph; null: what the model says.</summary>
    public int? MaxPixels { get; init; }
}
