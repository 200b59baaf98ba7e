using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>How an embedding is made of a network's output, in words, with those of the command line.</summary>
internal static class PoolingWords
{
    public static string Of(EmbeddingPooling pooling) => pooling.Kind switch
    {
        EmbeddingPoolingKind.None => "none, the output is the embedding",
        EmbeddingPoolingKind.Cls => "the first token (cls)",
        EmbeddingPoolingKind.MeanOfPatches => $"the mean of all patches (mean-of-patches){WithoutPrefix(pooling)}",
        EmbeddingPoolingKind.Max => $"the maximum of all patches (max){WithoutPrefix(pooling)}",
        _ => $"the generalized mean of all patches (gem:{pooling.Exponent.ToString(CultureInfo.InvariantCulture)})"
            + WithoutPrefix(pooling),
    };

    private static string WithoutPrefix(EmbeddingPooling pooling) => pooling.PrefixTokens is > 0 and var tokens
        ? $" without {Quantity.Of(tokens, "prefix token")}" : "";
}
