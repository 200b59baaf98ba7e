namespace Microsoft.ML;

/// <summary>The means and standard deviations by which published networks normalize levels from 0 to 1.</summary>
public sealed class ImageNormalization
{
    private ImageNormalization(IReadOnlyList<float> mean, IReadOnlyList<float> std) => (Mean, Std) = (mean, std);

    /// <summary>Those of ImageNet's photographs: torchvision's networks, DINOv2, most of timm.</summary>
    public static ImageNormalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Those of CLIP by OpenAI, and of what was trained after it.</summary>
    public static ImageNormalization Clip { get; } = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>Levels from -1 to 1: Inception, SigLIP, and ViT as Google trained it.</summary>
    public static ImageNormalization Inception { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Of R, G and B, for <see cref="ImagePreparationOptions.Mean"/>.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>Of R, G and B, for <see cref="ImagePreparationOptions.Std"/>.</summary>
    public IReadOnlyList<float> Std { get; }
}
