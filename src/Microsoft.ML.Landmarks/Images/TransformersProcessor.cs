namespace Microsoft.ML.Landmarks.Images;

/// <summary>An image processor of Hugging Face's transformers: how it resizes, and what it takes where a file says nothing.</summary>
/// <param name="Size">The side to which it resizes; null where versions differ, and the file must say it.</param>
/// <param name="IsSquare">Whether both sides are resized where the size is a number, not the shorter one.</param>
/// <param name="Resample">The number of Pillow's filter; null where versions differ.</param>
/// <param name="CropSize">The side of the square that is cut out; null where it cuts out none.</param>
/// <param name="Normalization">The means and deviations; null where it never normalises.</param>
/// <param name="Kind">What it does beyond what all do.</param>
/// <remarks>src/transformers/models/*/image_processing_*.py, versions 4.25 to 5.</remarks>
internal sealed record TransformersProcessor(int? Size, bool IsSquare, int? Resample, int? CropSize, ImageNormalization? Normalization,
    TransformersProcessor.Kinds Kind = TransformersProcessor.Kinds.Plain)
{
    private const int Bilinear = 2, Bicubic = 3;

    private static readonly ImageNormalization s_imageNet = ImageNormalization.ImageNet, s_clip = ImageNormalization.Clip,
        s_half = ImageNormalization.Inception;

    private static readonly Dictionary<string, TransformersProcessor> s_all = new()
    {
        ["Beit"] = new(null, IsSquare: true, Bicubic, null, s_half),
        ["Bit"] = new(224, IsSquare: false, Bicubic, 224, s_clip),
        ["Blip"] = new(384, IsSquare: true, Bicubic, null, s_clip),
        ["CLIP"] = new(224, IsSquare: false, Bicubic, 224, s_clip),
        ["ChineseCLIP"] = new(224, IsSquare: false, Bicubic, 224, s_clip),
        ["ConvNext"] = new(384, IsSquare: false, Bicubic, null, s_half, Kinds.ConvNext),
        ["DINOv3ViT"] = new(224, IsSquare: true, Bilinear, null, s_imageNet),
        ["DPT"] = new(384, IsSquare: true, Bicubic, null, s_half, Kinds.Dpt),
        ["DeiT"] = new(256, IsSquare: true, Bicubic, 224, s_half),
        ["EfficientNet"] = new(346, IsSquare: true, null, null, s_half, Kinds.EfficientNet),
        ["Levit"] = new(224, IsSquare: false, Bicubic, 224, s_imageNet, Kinds.Levit),
        ["MobileNetV1"] = new(256, IsSquare: false, Bilinear, 224, s_half),
        ["MobileNetV2"] = new(256, IsSquare: false, Bilinear, 224, s_half),
        ["MobileViT"] = new(224, IsSquare: false, null, 256, null, Kinds.MobileVit),
        ["PoolFormer"] = new(224, IsSquare: false, Bicubic, 224, s_imageNet, Kinds.PoolFormer),
        ["Pvt"] = new(224, IsSquare: true, Bilinear, null, s_imageNet),
        ["Segformer"] = new(512, IsSquare: true, Bilinear, null, s_imageNet),
        ["Siglip"] = new(224, IsSquare: true, Bicubic, null, s_half),
        ["ViT"] = new(224, IsSquare: true, Bilinear, null, s_half),
    };

    /// <summary>What a processor does beyond what all do.</summary>
    public enum Kinds
    {
        Plain,
        ConvNext,
        Dpt,
        EfficientNet,
        Levit,
        MobileVit,
        PoolFormer,
    }

    /// <summary>The names of all, as files have them.</summary>
    public static string[] Names => [.. s_all.Keys.Select(name => $"{name}ImageProcessor")];

    /// <summary>The processor of a name, as <c>CLIPImageProcessor</c>, <c>CLIPImageProcessorFast</c> or, by older versions,
    /// <c>CLIPFeatureExtractor</c>; null where it is none of these.</summary>
    public static TransformersProcessor? Of(string name)
    {
        foreach (string ending in (string[])["ImageProcessorFast", "ImageProcessorPil", "ImageProcessor", "FeatureExtractor"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return s_all.GetValueOrDefault(name[..^ending.Length]);
        }

        return null;
    }
}
