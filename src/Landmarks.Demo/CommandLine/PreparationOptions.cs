using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options that say how photographs become the input of a network.</summary>
internal sealed class PreparationOptions
{
    // In the place of a file: none, not even the one beside the network.
    private const string None = "none";

    private static readonly (string Name, ImageNormalization Values)[] s_normalizations =
    [
        ("imagenet", ImageNormalization.ImageNet), ("clip", ImageNormalization.Clip), ("inception", ImageNormalization.Inception),
    ];

    private readonly Option<string> _preprocessor = CommandOptions.Text("--preprocessor", $"FILE|{None}",
        "Prepare photographs as this file says: preprocessor_config.json of Hugging Face, or timm's config.json. Other options stand above "
        + $"it. [default: the one beside --network, if there is one; {None} for none]");
    private readonly Option<ImageFit?> _fit = CommandOptions.Choice<ImageFit>("--image-fit",
        "How a photograph becomes a square: its middle, both sides whatever their ratio, or all of it with borders.",
        ImagePreparingEstimator.Defaults.Fit);
    private readonly Option<int?> _shorterSide = CommandOptions.Number("--shorter-side",
        "The side in pixels to which the shorter side is resized before the square is cut out. [default: the first --image-size]",
        maximum: ImagePreparingEstimator.Options.LargestImageSize);
    private readonly Option<int?> _sideMultiple = CommandOptions.Number("--side-multiple",
        "The side of images becomes the nearest multiple, of the patches of the network. [default: "
        + $"{ImagePreparingEstimator.Defaults.SideMultiple}]", maximum: ImagePreparingEstimator.Options.LargestImageSize);
    private readonly Option<ImageRounding?> _rounding = CommandOptions.Choice<ImageRounding>("--rounding",
        "The program whose way of rounding decides on the last pixel of resized sides.", ImagePreparingEstimator.Defaults.Rounding);
    private readonly Option<ImageResampling?> _resampling = CommandOptions.Choice<ImageResampling>("--resampling",
        "The program whose pixels resized images have, and its filter.", ImagePreparingEstimator.Defaults.Resampling);
    private readonly Option<bool> _bgr = new("--bgr")
    {
        Description = "Give the network the channels as B, G, R; --mean and --std stay those of R, G, B.",
    };
    private readonly Option<DecodeScaling?> _decodeScaling = CommandOptions.Choice<DecodeScaling>("--decode-scaling",
        "Whether all pixels of a photograph are decoded, or the decoder may make one smaller that is far larger than the images.",
        FitSettings.PresetPreparation.DecodeScaling);
    private readonly Option<bool> _convertToSrgb = new("--convert-to-srgb")
    {
        Description = "Convert the colors of photographs whose profile is not sRGB's, as Display P3 of telephones.",
    };
    private readonly Option<ImageNormalization?> _normalization = CommandOptions.Choice("--normalization",
        "--mean and --std that many networks share: of ImageNet's photographs, of CLIP, or 0.5 (levels from -1 to 1).", s_normalizations);
    private readonly Option<float[]> _mean = CommandOptions.Channels(
        "--mean", "What is subtracted from the levels, which go from 0 to 1. [default: ImageNet's]", float.IsFinite, Errors.RangeOfMean);
    private readonly Option<float[]> _std = CommandOptions.Channels(
        "--std", "What they are divided by then. [default: ImageNet's]", value => float.IsFinite(value) && value > 0, Errors.RangeOfStd);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _preprocessor, _fit, _shorterSide, _sideMultiple, _rounding, _resampling, _decodeScaling, _bgr, _normalization, _mean, _std,
        _convertToSrgb,
    ];

    // Those that say what a file says too.
    private Option[] OfFile => [_fit, _shorterSide, _sideMultiple, _rounding, _resampling, _bgr, _normalization, _mean, _std];

    /// <returns>The first mistake in how the options go together; null for none.</returns>
    public string? FindMistake(CommandResult result)
        => result.IsGiven(_normalization) && new[] { _mean, _std }.FirstOrDefault(result.IsGiven) is { } other
            ? Errors.NormalizationTwice(_normalization.Name, other.Name) : null;

    /// <summary>The file that says how photographs are prepared.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="network">The network beside which one is looked for; null for a model's own and the one that ships.</param>
    /// <param name="hasImageSize">Whether the size of images is another option's.</param>
    /// <returns>Null for none.</returns>
    /// <exception cref="InvalidDataException">The file asks for what can't be done.</exception>
    public Preprocessor? ReadPreprocessor(ParseResult parsed, string? network, bool hasImageSize)
    {
        string? file = parsed.GetValue(_preprocessor);
        Preprocessor? preprocessor = file == None ? null
            : file is not null ? Preprocessor.Read(file)
            : network is not null ? Preprocessor.Find(network) : null;
        return preprocessor is null ? null : preprocessor with
        {
            Overridden = [.. hasImageSize ? [CommandOptions.ImageSize] : Array.Empty<string>(),
                .. OfFile.Where(parsed.CommandResult.IsGiven).Select(option => option.Name)],
        };
    }

    /// <summary>Whether the side to which photographs are resized is that of the first --image-size.</summary>
    public bool SaysShorterSide(ParseResult parsed) => parsed.CommandResult.IsGiven(_shorterSide);

    /// <param name="parsed">The arguments.</param>
    /// <param name="others">What is taken where they say nothing.</param>
    public ImagePreparationOptions Read(ParseResult parsed, ImagePreparationOptions others) => new(others)
    {
        Fit = parsed.GetValue(_fit) ?? others.Fit,
        ShorterSideTo = parsed.GetValue(_shorterSide) ?? others.ShorterSideTo,
        SideMultiple = parsed.GetValue(_sideMultiple) ?? others.SideMultiple,
        Rounding = parsed.GetValue(_rounding) ?? others.Rounding,
        Resampling = parsed.GetValue(_resampling) ?? others.Resampling,
        DecodeScaling = parsed.GetValue(_decodeScaling) ?? others.DecodeScaling,
        Bgr = parsed.CommandResult.IsGiven(_bgr) ? parsed.GetValue(_bgr) : others.Bgr,
        Mean = parsed.GetValue(_mean) is { Length: > 0 } mean ? mean : parsed.GetValue(_normalization)?.Mean ?? others.Mean,
        Std = parsed.GetValue(_std) is { Length: > 0 } std ? std : parsed.GetValue(_normalization)?.Std ?? others.Std,
        ConvertToSrgb = parsed.CommandResult.IsGiven(_convertToSrgb) ? parsed.GetValue(_convertToSrgb) : others.ConvertToSrgb,
    };
}
