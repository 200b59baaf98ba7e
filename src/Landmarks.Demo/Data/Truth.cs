using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>What a query shows, in ML.NET's columns.</summary>
internal sealed class Truth
{
    /// <summary>The label of a row that shows no landmark.</summary>
    public const string NonLandmark = "-1";

    private const string Ignored = "Ignored";

    public string Id { get; init; } = "";

    /// <summary>The landmarks; none where the query shows none.</summary>
    public string[] Label { get; init; } = [];

    /// <summary>The part of the challenge that it counts in; empty where there are no parts.</summary>
    public string Usage { get; init; } = "";

    [NoColumn]
    public bool ShowsLandmark => Label.Length > 0;

    /// <summary>Whether it is measured by.</summary>
    [NoColumn]
    public bool Counts => Usage != Ignored;

    /// <param name="id">The query's id.</param>
    /// <param name="label">The label of what it shows; that of non-landmarks for none.</param>
    public static Truth Of(string id, string label) => new() { Id = id, Label = label == NonLandmark ? [] : [label] };

    /// <summary>Reads <c>id,landmark_id</c> or <c>id,landmarks</c>.</summary>
    public static IReadOnlyList<Truth> Read(MLContext ml, string file)
        => [.. ml.Data.CreateEnumerable<Truth>(ml.Data.LoadLandmarkTruth(file), reuseRowObject: false)];
}
