using System.Text.Json.Serialization;

namespace Microsoft.ML;

/// <summary>How one row of values becomes of what a network makes of an image.</summary>
public enum EmbeddingPoolingKind
{
    /// <summary>The network's output is one row already.</summary>
    None,

    /// <summary>The first token of a transformer, its class token.</summary>
    Cls,

    /// <summary>The mean of the tokens of patches, or of the places of a feature map.</summary>
    MeanOfPatches,

    /// <summary>Their generalized mean: the mean of powers of the values, to the power of 1 / exponent.</summary>
    [JsonStringEnumMemberName("gem")]
    GeM,

    /// <summary>The largest value of each channel.</summary>
    Max,
}
