using System.CommandLine;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options that say how photographs become the input of a network.</summary>
internal sealed class PreparationOptions
{
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
    private readonly Option<float[]> _mean = CommandOptions.Channels(
        "--mean", "What is subtracted from the levels, which go from 0 to 1. [default: ImageNet's]", float.IsFinite, Errors.RangeOfMean);
    private readonly Option<float[]> _std = CommandOptions.Channels(
        "--std", "What they are divided by then. [default: ImageNet's]", value => float.IsFinite(value) && value > 0, Errors.RangeOfStd);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All
        => [_fit, _shorterSide, _sideMultiple, _rounding, _resampling, _decodeScaling, _bgr, _mean, _std, _convertToSrgb];

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
        Mean = parsed.GetValue(_mean) is { Length: > 0 } mean ? mean : others.Mean,
        Std = parsed.GetValue(_std) is { Length: > 0 } std ? std : others.Std,
        ConvertToSrgb = parsed.CommandResult.IsGiven(_convertToSrgb) ? parsed.GetValue(_convertToSrgb) : others.ConvertToSrgb,
    };
}
