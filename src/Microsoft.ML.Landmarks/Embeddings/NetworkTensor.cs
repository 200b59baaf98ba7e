using System.Globalization;
using System.Text.Json.Serialization;

namespace Microsoft.ML;

/// <summary>An input or output of a network.</summary>
public sealed record NetworkTensor
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The type of its values, as Python's packages call it: float32, float16, bfloat16, uint8, int64, ...</summary>
    public string Type { get; init; } = "";

    /// <summary>The lengths of its axes, null for one that is free; none where the network does not tell.</summary>
    public IReadOnlyList<int?> Shape { get; init; } = [];

    /// <summary>What the network calls each axis that is free; empty for one without a name.</summary>
    public IReadOnlyList<string> AxisNames { get; init; } = [];

    /// <summary>The axes in words: a length, else a name, else <c>free</c>.</summary>
    [JsonIgnore]
    public IEnumerable<string> Axes => Shape.Select((length, i) => length?.ToString(CultureInfo.InvariantCulture)
        ?? (AxisNames.ElementAtOrDefault(i) is { Length: > 0 } name ? name : "free"));

    /// <summary>All of it, as <c>pixel_values, float32 [batch, 3, 224, 224]</c>.</summary>
    public override string ToString() => $"{Name}, {Type} [{string.Join(", ", Axes)}]";
}
