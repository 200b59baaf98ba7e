namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>What an index consists of.</summary>
public sealed record LandmarkIndexInfo
{
    /// <summary>The schema that holds it.</summary>
    public string Schema { get; init; } = "";

    /// <summary>The layout of its tables.</summary>
    public int Format { get; init; }

    /// <summary>Values of a row.</summary>
    public int Dimension { get; init; }

    /// <summary>How many non-landmarks make the penalty of a row, where there are so many.</summary>
    public int PenaltyNeighbors { get; init; }

    /// <summary>What tells its rows from those of models with other steps or settings: a model whose fingerprint of rows it is can be
    /// attached.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The type of its labels: Int32, Int64 or Text.</summary>
    public string LabelType { get; init; } = "";

    /// <summary>The label of a non-landmark, as text.</summary>
    public string NonLandmarkLabel { get; init; } = "";

    /// <summary>Whether rows have ids, by which they can be removed.</summary>
    public bool HasIds { get; init; }

    /// <summary>Whether landmark rows were drawn towards each other, so that none can come or go.</summary>
    public bool IsSmoothed { get; init; }

    /// <summary>How many landmark rows each server has, in their order.</summary>
    public IReadOnlyList<long> ServerRowCounts { get; init; } = [];

    /// <summary>How many rows have a landmark.</summary>
    public long LandmarkRowCount { get; init; }

    /// <summary>How many rows have none; each server has all of them.</summary>
    public long NonLandmarkRowCount { get; init; }

    /// <summary>How many changes there were since the rows of a model were put in.</summary>
    public long Changes { get; init; }

    /// <summary>How its HNSW indexes were built; null where there are none, or not on all servers.</summary>
    public LandmarkHnswOptions? Hnsw { get; init; }

    /// <summary>How well these find the nearest rows, as it was measured: the latest recall of each number of candidates.</summary>
    public IReadOnlyList<LandmarkRecall> Recalls { get; init; } = [];

    /// <summary>The landmarks that have rows, in the order in which they came. Their names are the model's.</summary>
    public IReadOnlyList<LandmarkInfo> Landmarks { get; init; } = [];
}
