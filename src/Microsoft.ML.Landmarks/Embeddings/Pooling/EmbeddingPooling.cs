using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>
/// How one row of values becomes of what a network makes of an image: of a transformer's tokens [batch, tokens, channels], or of the
/// feature map of a convolutional network [batch, channels, height, width] or [batch, height, width, channels].
/// </summary>
/// <remarks>
/// GeM: Radenović, Tolias, Chum, Fine-tuning CNN image retrieval with no human annotation, 2018; values below 1e-6 count as that.
/// </remarks>
public sealed record EmbeddingPooling
{
    /// <summary>The exponent of <see cref="GeM"/> that published networks have most often.</summary>
    public const double DefaultExponent = 3;

    /// <summary>The largest exponent of <see cref="GeM"/>, with which it is the maximum but for a few percent.</summary>
    public const double LargestExponent = 100;

    /// <summary>The most <see cref="PrefixTokens"/>.</summary>
    public const int MostPrefixTokens = 1024;

    private EmbeddingPooling(EmbeddingPoolingKind kind, double exponent = 1, int? prefixTokens = null)
        => (Kind, Exponent, PrefixTokens) = (kind, exponent, prefixTokens);

    /// <summary>The output is one row of values already: after the batch, one axis is longer than 1.</summary>
    public static EmbeddingPooling None { get; } = new(EmbeddingPoolingKind.None);

    /// <summary>The first token of a transformer.</summary>
    public static EmbeddingPooling Cls { get; } = new(EmbeddingPoolingKind.Cls);

    /// <summary>What is done.</summary>
    public EmbeddingPoolingKind Kind { get; }

    /// <summary>The exponent of <see cref="GeM"/>, above 0; 1 for all others.</summary>
    public double Exponent { get; }

    /// <summary>
    /// How many tokens stand before those of the patches and are left out, as a class token (1) and registers (mostly 4 more): 0 to 1024.
    /// Null: found from the number of tokens and the size of the image. Nothing to <see cref="None"/> and <see cref="Cls"/>.
    /// </summary>
    public int? PrefixTokens { get; }

    /// <summary>The mean of the tokens of patches, or of a feature map.</summary>
    /// <param name="prefixTokens">As <see cref="PrefixTokens"/> says.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is none from 0 to 1024.</exception>
    public static EmbeddingPooling MeanOfPatches(int? prefixTokens = null)
        => new(EmbeddingPoolingKind.MeanOfPatches, prefixTokens: CheckPrefix(prefixTokens));

    /// <summary>The largest value of each channel, of the tokens of patches or of a feature map.</summary>
    /// <inheritdoc cref="MeanOfPatches"/>
    public static EmbeddingPooling Max(int? prefixTokens = null)
        => new(EmbeddingPoolingKind.Max, prefixTokens: CheckPrefix(prefixTokens));

    /// <summary>The generalized mean of each channel, of the tokens of patches or of a feature map.</summary>
    /// <param name="exponent">Above 0, at most 100; 1 is the mean of values above 0, and the larger, the nearer to the maximum.</param>
    /// <param name="prefixTokens">As <see cref="PrefixTokens"/> says.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of both is out of range.</exception>
    public static EmbeddingPooling GeM(double exponent = DefaultExponent, int? prefixTokens = null)
        => exponent is > 0 and <= LargestExponent
            ? new(EmbeddingPoolingKind.GeM, exponent, CheckPrefix(prefixTokens))
            : throw Errors.OptionRange(nameof(exponent), exponent, $"above 0 and at most {LargestExponent}");

    /// <summary>In words, as "GeM with exponent 3, without 1 prefix token".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind}{(Kind == EmbeddingPoolingKind.GeM ? $" with exponent {Exponent}" : "")}{PrefixTokens switch
        {
            null or 0 => "",
            1 => ", without 1 prefix token",
            var number => $", without {number} prefix tokens",
        }}");

    private static int? CheckPrefix(int? tokens, [CallerArgumentExpression(nameof(tokens))] string name = "")
    {
        if (tokens is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MostPrefixTokens, name);
        }

        return tokens;
    }
}
