using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options that say how one row becomes of what a network makes of an image.</summary>
internal sealed class PoolingOptions
{
    private const string GeM = "gem";

    private static readonly (string Word, EmbeddingPooling Pooling)[] s_words =
    [
        ("none", EmbeddingPooling.None),
        ("cls", EmbeddingPooling.Cls),
        ("mean-of-patches", EmbeddingPooling.MeanOfPatches()),
        (GeM, EmbeddingPooling.GeM()),
        ("max", EmbeddingPooling.Max()),
    ];

    private readonly Option<EmbeddingPooling?> _pooling = new("--pooling")
    {
        Description = "How one row becomes of the network's tokens or feature map: as it is, its first token, or of all patches the mean, "
            + $"the generalized mean with an exponent ({GeM}:{EmbeddingPooling.DefaultExponent} unless told otherwise) or the maximum. "
            + "[default: what is clear]",
        HelpName = $"none|cls|mean-of-patches|{GeM}|{GeM}:P|max",
        CustomParser = Parse,
    };

    private readonly Option<int?> _prefixTokens = CommandOptions.Number("--prefix-tokens",
        "Tokens before those of the patches, that --pooling leaves out. [default: as many as the number of patches tells]", minimum: 0,
        maximum: EmbeddingPooling.MostPrefixTokens);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_pooling, _prefixTokens];

    /// <returns>The first mistake; null for none.</returns>
    public string? FindMistake(CommandResult result) => result.IsGiven(_prefixTokens)
        && (!result.IsGiven(_pooling) || result.GetValue(_pooling) is { Kind: EmbeddingPoolingKind.None or EmbeddingPoolingKind.Cls })
        ? Errors.PrefixTokensAlone : null;

    /// <returns>Null where nothing is said.</returns>
    public EmbeddingPooling? Read(ParseResult parsed)
    {
        EmbeddingPooling? pooling = parsed.GetValue(_pooling);
        int? prefixTokens = parsed.GetValue(_prefixTokens);
        return pooling?.Kind switch
        {
            EmbeddingPoolingKind.MeanOfPatches => EmbeddingPooling.MeanOfPatches(prefixTokens),
            EmbeddingPoolingKind.GeM => EmbeddingPooling.GeM(pooling.Exponent, prefixTokens),
            EmbeddingPoolingKind.Max => EmbeddingPooling.Max(prefixTokens),
            _ => pooling,
        };
    }

    private static EmbeddingPooling? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Array.Find(s_words, word => CommandOptions.IsWord(text, word.Word)).Pooling is { } pooling)
            return pooling;
        if (text.StartsWith($"{GeM}:", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text.AsSpan(GeM.Length + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out double exponent)
            && exponent is > 0 and <= EmbeddingPooling.LargestExponent)
            return EmbeddingPooling.GeM(exponent);
        result.AddError(Errors.Pooling(text, [.. s_words.Select(word => word.Word)], EmbeddingPooling.LargestExponent));
        return null;
    }
}
