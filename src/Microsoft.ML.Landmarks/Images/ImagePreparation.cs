using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Images;

namespace Microsoft.ML;

/// <summary>How photographs are prepared for a network, its image size included.</summary>
public sealed class ImagePreparation
{
    // Beside what is read here stand the names of all classes, in timm's file twice: megabytes for 81,000 landmarks.
    private const int MostBytes = 1 << 26;

    /// <param name="imageSize">Side of the square in pixels, from 1 to 16,384.</param>
    /// <param name="options">All else.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public ImagePreparation(int imageSize, ImagePreparationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ImageSize = ImagePreparingEstimator.Options.CheckImageSize(imageSize, nameof(imageSize));
        Options = options;
    }

    /// <summary>Side of the square in pixels, for <see cref="ImagePreparingEstimator.Options.ImageSize"/>, or among
    /// <see cref="ImageEmbeddingEstimator.Options.ImageSizes"/>.</summary>
    public int ImageSize { get; }

    /// <summary>All else, for <see cref="ImagePreparingEstimator.Options"/> or
    /// <see cref="ImageEmbeddingEstimator.Options.Preparation"/>.</summary>
    public ImagePreparationOptions Options { get; }

    /// <summary>Reads how a published network wants its photographs: a <c>preprocessor_config.json</c> of Hugging Face's transformers, or
    /// timm's <c>config.json</c> or <c>pretrained_cfg</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What gives the pixels of transformers or timm, to within a level.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It can't be read, is of another kind, or asks for what can't be done here; the message names the key.
    /// </exception>
    /// <remarks>
    /// From transformers the image processors of BEiT, BLIP, CLIP, ConvNeXT, DeiT, DINOv2 (BiT), DINOv3, DPT, EfficientNet, LeViT,
    /// MobileNet, MobileViT, PoolFormer, PVT, SegFormer, SigLIP and ViT are known, with the values that they take for keys which are
    /// missing. Of timm's sizes it is that of <c>input_size</c>, as <c>resolve_model_data_config</c> takes it.
    /// </remarks>
    public static ImagePreparation FromFile(string path)
    {
        using PreparationFile keys = Read(path);
        return Of(keys) ?? throw Errors.PreparationKind(path, keys.Names);
    }

    /// <summary>As <see cref="FromFile"/>, for a file that may be JSON of another kind: <c>config.json</c> is timm's, or what transformers
    /// knows of a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preparation">What it says; null where it is of another kind.</param>
    /// <returns>Whether it is of one that says how photographs are prepared.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It can't be read, is no JSON, or asks for what can't be done here.</exception>
    public static bool TryFromFile(string path, [NotNullWhen(true)] out ImagePreparation? preparation)
    {
        using PreparationFile keys = Read(path);
        preparation = Of(keys);
        return preparation is not null;
    }

    /// <summary>The same at another size: <see cref="ImagePreparationOptions.ShorterSideTo"/> becomes as much larger or smaller.</summary>
    /// <param name="imageSize">Side of the square in pixels, from 1 to 16,384.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size, or the shorter side, is out of range.</exception>
    public ImagePreparation At(int imageSize)
    {
        ImagePreparingEstimator.Options.CheckImageSize(imageSize, nameof(imageSize));
        int? side = Options.ShorterSideTo is null ? null : Options.ResizedSideOf(imageSize, ImageSize);
        return new ImagePreparation(imageSize, new ImagePreparationOptions(Options) { ShorterSideTo = side });
    }

    private static ImagePreparation? Of(PreparationFile keys) => TimmPreparation.TryRead(keys) ?? TransformersPreparation.TryRead(keys);

    private static PreparationFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw Errors.PreparationMissing(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MostBytes)
                throw Errors.PreparationTooLarge(path, MostBytes);
            var json = new byte[file.Length];
            file.ReadExactly(json);
            return PreparationFile.Parse(path, json);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.PreparationUnreadable(path, e);
        }
    }
}
