namespace Landmarks.Demo.Serving;

/// <summary>What is served, and within which bounds.</summary>
internal sealed record ServeSettings
{
    /// <summary>The zip file.</summary>
    public required string Model { get; init; }

    /// <summary>The schema that holds its rows; null where they are in its file.</summary>
    public string? Index { get; init; }

    /// <summary>How many rows of a query its HNSW index proposes; null where all are searched.</summary>
    public int? Hnsw { get; init; }

    /// <summary>Where it is served.</summary>
    public required IReadOnlyList<ServedAddress> Addresses { get; init; }

    /// <summary>The share of photographs of nothing that may be answered; null: the model's.</summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>How many of the best landmarks are told.</summary>
    public required int Top { get; init; }

    /// <summary>The most photographs that wait for an answer.</summary>
    public required int MaxQueue { get; init; }

    /// <summary>The most bytes of a request.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>The most pixels of a photograph.</summary>
    public required int MaxPixels { get; init; }

    /// <summary>Whether the model is replaced when its file is.</summary>
    public bool Watches { get; init; }

    /// <summary>Whether photographs and landmarks may be added and removed, by who bears the key.</summary>
    public bool IsWritable { get; init; }

    /// <summary>What those must bear who change what is served; null: nobody may.</summary>
    public string? AdminKey { get; init; }
}
