namespace Microsoft.ML.Landmarks.Images;

/// <summary>Reads timm's <c>config.json</c> and <c>pretrained_cfg</c>.</summary>
/// <remarks>
/// timm/data/config.py (resolve_data_config) and transforms_factory.py (transforms_imagenet_eval), version 1.0. Keys that these do not read
/// change no pixel.
/// </remarks>
internal static class TimmPreparation
{
    private const double DefaultCropPct = 0.875;

    /// <summary>Null where the file is not timm's.</summary>
    /// <exception cref="InvalidDataException">A value can't be honored.</exception>
    public static ImagePreparation? TryRead(PreparationFile file)
    {
        PreparationFile? keys = file.Object("pretrained_cfg") ?? (file.Has("input_size") && file.Has("interpolation") ? file : null);
        if (keys is null)
            return null;
        int size = keys.InputSize("input_size") ?? 224;
        double cropPct = keys.Number("crop_pct") is { } given and not 0 ? given : DefaultCropPct;
        int resized = (int)Math.Clamp(Math.Floor(size / cropPct), 0, int.MaxValue);
        if (resized < size || resized > ImagePreparingEstimator.Options.LargestImageSize)
            throw keys.Refuse("crop_pct", "above 0 and at most 1");
        return new ImagePreparation(size, new ImagePreparationOptions
        {
            Fit = keys.Text("crop_mode") switch
            {
                null or "center" => ImageFit.CropCenter,
                "squash" => ImageFit.Squash,
                "border" => ImageFit.PadCenter,
                _ => throw keys.Refuse("crop_mode", "center, squash or border"),
            },
            ShorterSideTo = resized == size ? null : resized,
            Rounding = ImageRounding.Torchvision,
            Resampling = keys.Text("interpolation") switch
            {
                null or "bicubic" => ImageResampling.PillowBicubic,
                "bilinear" => ImageResampling.PillowBilinear,
                "lanczos" => ImageResampling.PillowLanczos,
                "nearest" => ImageResampling.PillowNearest,
                "box" => ImageResampling.PillowBox,
                "hamming" => ImageResampling.PillowHamming,
                _ => throw keys.Refuse("interpolation", "bicubic, bilinear, lanczos, nearest, box or hamming"),
            },
            Mean = Channels(keys, "mean", ImageNormalization.ImageNet.Mean),
            Std = Channels(keys, "std", ImageNormalization.ImageNet.Std) is var std && std.All(value => value > 0)
                ? std : throw keys.Refuse("std", "three numbers above 0"),
        });
    }

    private static IReadOnlyList<float> Channels(PreparationFile keys, string key, IReadOnlyList<float> byDefault)
        => keys.Channels(key) is { } values ? [.. values.Select(value => (float)value)] : byDefault;
}
