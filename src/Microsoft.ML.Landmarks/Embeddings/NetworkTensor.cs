using System.Globalization;

namespace Microsoft.ML;

/// <summary>An input or output of a network.</summary>
public sealed record NetworkTensor
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The type of its values, in the words of ONNX Runtime: Float, Float16, BFloat16, UInt8, Int64, ...</summary>
    public string Type { get; init; } = "";

    /// <summary>The lengths of its axes, null for one that is free; none where the network does not tell.</summary>
    public IReadOnlyList<int?> Shape { get; init; } = [];

    /// <summary>All of it, as <c>pixel_values, Float [free, 3, 224, 224]</c>.</summary>
    public override string ToString() => $"{Name}, {Type} "
        + $"[{string.Join(", ", Shape.Select(length => length?.ToString(CultureInfo.InvariantCulture) ?? "free"))}]";
}
