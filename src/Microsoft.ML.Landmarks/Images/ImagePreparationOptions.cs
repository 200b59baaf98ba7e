using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>How photographs become the input of a network, apart from its size.</summary>
/// <remarks>
/// As part of another step's options, they say how photographs are prepared: threads, cancellation and progress are that step's.
/// </remarks>
public class ImagePreparationOptions : StepOptions
{
    private const string RangeOfMean = "three finite numbers, for R, G and B";
    private const string RangeOfStd = "three numbers above 0, for R, G and B";

    /// <summary>
    /// Whether a photograph is turned as its file says: JPEG, PNG or WebP, by EXIF, or by XMP where EXIF says nothing. In an MLImage the
    /// orientation is gone; where its Tag names a file, as that of ML.NET's LoadImages does, it is read there, and else the image is taken
    /// as it is, with one warning a pass.
    /// </summary>
    public bool ApplyOrientation { get; init; } = ImagePreparingEstimator.Defaults.ApplyOrientation;

    /// <summary>What becomes of a photograph that can't be read.</summary>
    public BadImageHandling BadImages
    {
        get;
        init { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(BadImages), value, "Throw or Skip"); }
    } = ImagePreparingEstimator.Defaults.BadImages;

    /// <summary>Mean of each channel, of levels from 0 to 1: three finite numbers, R, G, B. By default ImageNet's.</summary>
    public IReadOnlyList<float> Mean
    {
        get;
        init { field = IsTriple(value, float.IsFinite) ? [.. value] : throw Errors.Option(nameof(Mean), Describe(value), RangeOfMean); }
    } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of each channel, of levels from 0 to 1: three numbers above 0, R, G, B. By default ImageNet's.</summary>
    public IReadOnlyList<float> Std
    {
        get;
        init
        {
            field = IsTriple(value, v => float.IsFinite(v) && v > 0)
            ? [.. value] : throw Errors.Option(nameof(Std), Describe(value), RangeOfStd);
        }
    } = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// The most pixels that a photograph may have, at least 1: a file that promises more can't be read, and is refused before memory is
    /// taken for it. A JPEG is decoded row by row; other kinds take 4 bytes a pixel while they are decoded, one photograph a core. One of
    /// more than 536,870,897 pixels (2 GiB of levels) can't be decoded, whatever is allowed. A file may have 512 MB (2^29 bytes).
    /// </summary>
    public int MaxPixels
    {
        get;
        init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPixels)); field = value; }
    } = ImagePreparingEstimator.Defaults.MaxPixels;

    /// <summary>
    /// Whether a file that is damaged or ends early is taken as far as it can be decoded; the rest is black or gray, in a GIF the color of
    /// its background. Of a progressive JPEG that may be nothing.
    /// </summary>
    public bool AcceptTruncated { get; init; }

    /// <summary>Whether transparent pixels are shown on white. Otherwise alpha is dropped: the color stays, as it is in the file.</summary>
    public bool ComposeOnWhite { get; init; }

    internal ImagePreparationOptions With(BadImageHandling? badImages = null, int? maxPixels = null) => new()
    {
        ApplyOrientation = ApplyOrientation,
        BadImages = badImages ?? BadImages,
        Mean = Mean,
        Std = Std,
        MaxPixels = maxPixels ?? MaxPixels,
        AcceptTruncated = AcceptTruncated,
        ComposeOnWhite = ComposeOnWhite,
    };

    /// <summary>What pixels depend on. <see cref="MaxPixels"/> and <see cref="BadImages"/> only decide whether there are any.</summary>
    internal void WriteTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(ApplyOrientation);
        foreach (float value in Mean.Concat(Std))
            fingerprint.Write(value);
        fingerprint.Write(AcceptTruncated);
        fingerprint.Write(ComposeOnWhite);
    }

    private static bool IsTriple(IReadOnlyList<float> values, Func<float, bool> isAllowed)
        => values is { Count: 3 } && values.All(isAllowed);

    private static string Describe(IReadOnlyList<float> values) => values is null ? "null" : $"[{string.Join(", ", values)}]";
}
