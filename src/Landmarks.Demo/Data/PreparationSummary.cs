using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>Says how photographs are prepared.</summary>
internal static class PreparationSummary
{
    public static string Of(ImagePreparationOptions preparation) => string.Join(", ", Parts(preparation));

    private static IEnumerable<string> Parts(ImagePreparationOptions preparation)
    {
        yield return preparation.ShorterSideTo is { } side ? $"{EnumWords.Of(preparation.Fit)} of {side}" : EnumWords.Of(preparation.Fit);
        yield return EnumWords.Of(preparation.Resampling);
        if (preparation.Rounding != ImagePreparingEstimator.Defaults.Rounding)
            yield return $"rounded as {EnumWords.Of(preparation.Rounding)} does";
        if (preparation.Bgr)
            yield return "channels B, G, R";
        yield return $"mean {Numbers(preparation.Mean)}";
        yield return $"std {Numbers(preparation.Std)}";
        if (preparation.ConvertToSrgb)
            yield return "colors become those of sRGB";
        if (preparation.DecodeScaling == DecodeScaling.Fast)
            yield return "large ones scaled while they are decoded";
    }

    private static string Numbers(IEnumerable<float> values)
        => string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
