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

    private static readonly string s_resamplings = $"one of {string.Join(", ", Enum.GetNames<ImageResampling>())}";

    /// <summary>The values that are taken unless told otherwise.</summary>
    public ImagePreparationOptions()
    {
    }

    /// <summary>Those of others, but for threads, cancellation and progress.</summary>
    /// <param name="others">The others.</param>
    public ImagePreparationOptions(ImagePreparationOptions others)
    {
        ArgumentNullException.ThrowIfNull(others);
        ApplyOrientation = others.ApplyOrientation;
        BadImages = others.BadImages;
        Fit = others.Fit;
        ShorterSideTo = others.ShorterSideTo;
        SideMultiple = others.SideMultiple;
        Rounding = others.Rounding;
        Resampling = others.Resampling;
        Bgr = others.Bgr;
        Mean = others.Mean;
        Std = others.Std;
        MaxPixels = others.MaxPixels;
        AcceptTruncated = others.AcceptTruncated;
        ComposeOnWhite = others.ComposeOnWhite;
        DecodeScaling = others.DecodeScaling;
        ConvertToSrgb = others.ConvertToSrgb;
    }

    /// <summary>
    /// Whether a photograph is turned as its file says: JPEG, PNG or WebP by EXIF, or by XMP where EXIF says nothing; TIFF by its tag;
    /// HEIC, AVIF and JPEG XL by their own headers, whatever EXIF says, HEIC and AVIF cut as these say too. In an MLImage the orientation
    /// is gone; where its Tag names a file, as that of ML.NET's LoadImages does, it is read there, and else the image is taken as it is,
    /// with one warning a pass.
    /// </summary>
    public bool ApplyOrientation { get; init; } = ImagePreparingEstimator.Defaults.ApplyOrientation;

    /// <summary>What becomes of a photograph that can't be read.</summary>
    public BadImageHandling BadImages
    {
        get;
        init { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(BadImages), value, "Throw or Skip"); }
    } = ImagePreparingEstimator.Defaults.BadImages;

    /// <summary>How a photograph becomes a square.</summary>
    public ImageFit Fit
    {
        get;
        init { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(Fit), value, "CropCenter, Squash or PadCenter"); }
    } = ImagePreparingEstimator.Defaults.Fit;

    /// <summary>
    /// The side in pixels to which the shorter side of a photograph is resized before the square is cut out of it, from the size of the
    /// square to 16,384, as 256 where the square has 224. Null: the size of the square. With <see cref="ImageFit.Squash"/> it is that of
    /// both sides, with <see cref="ImageFit.PadCenter"/> that of the longer one. Where there are several sizes it belongs to the first,
    /// and is in the same ratio to the others.
    /// </summary>
    public int? ShorterSideTo
    {
        get;
        init
        {
            field = value is { } side ? ImagePreparingEstimator.Options.CheckImageSize(side, nameof(ShorterSideTo)) : null;
        }
    }

    /// <summary>
    /// The size of a square becomes the nearest multiple of this number, from 1 to 16,384: a network whose patches have 14 or 16 pixels
    /// takes no other.
    /// </summary>
    public int SideMultiple
    {
        get;
        init { field = ImagePreparingEstimator.Options.CheckImageSize(value, nameof(SideMultiple)); }
    } = ImagePreparingEstimator.Defaults.SideMultiple;

    /// <summary>Whose pixels a resized photograph has, where sides or the place of the square must be rounded.</summary>
    public ImageRounding Rounding
    {
        get;
        init
        {
            field = Enum.IsDefined(value)
                ? value : throw Errors.Option(nameof(Rounding), value, "Albumentations, Torchvision or Transformers");
        }
    } = ImagePreparingEstimator.Defaults.Rounding;

    /// <summary>By whose arithmetic, and with which filter, a photograph is resized.</summary>
    public ImageResampling Resampling
    {
        get;
        init
        {
            field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(Resampling), value, s_resamplings);
        }
    } = ImagePreparingEstimator.Defaults.Resampling;

    /// <summary>
    /// Whether the network takes the channels as B, G, R, as those of Caffe and OpenCV do. <see cref="Mean"/> and <see cref="Std"/> are
    /// those of R, G and B all the same.
    /// </summary>
    public bool Bgr { get; init; }

    /// <summary>Mean of each channel, of levels from 0 to 1: three finite numbers, R, G, B. By default ImageNet's; others are in
    /// <see cref="ImageNormalization"/>.</summary>
    public IReadOnlyList<float> Mean
    {
        get;
        init { field = IsTriple(value, float.IsFinite) ? [.. value] : throw Errors.Option(nameof(Mean), Describe(value), RangeOfMean); }
    } = ImageNormalization.ImageNet.Mean;

    /// <summary>Standard deviation of each channel, of levels from 0 to 1: three numbers above 0, R, G, B. By default ImageNet's.</summary>
    public IReadOnlyList<float> Std
    {
        get;
        init
        {
            field = IsTriple(value, v => float.IsFinite(v) && v > 0)
            ? [.. value] : throw Errors.Option(nameof(Std), Describe(value), RangeOfStd);
        }
    } = ImageNormalization.ImageNet.Std;

    /// <summary>
    /// The most pixels that a photograph may have, at least 1: a file that promises more can't be read, and is refused before memory is
    /// taken for it. A JPEG is decoded row by row; other kinds take 4 bytes a pixel while they are decoded, one photograph a core, and
    /// those that Magick.NET reads 3 to 19 more. One of more than 536,870,897 pixels (2 GiB of levels) can't be decoded, whatever is
    /// allowed. A file may have 512 MB (2^29 bytes).
    /// </summary>
    public int MaxPixels
    {
        get;
        init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPixels)); field = value; }
    } = ImagePreparingEstimator.Defaults.MaxPixels;

    /// <summary>
    /// Whether a file that is damaged or ends early is taken as far as it can be decoded; the rest is black or gray, in a GIF the color of
    /// its background. Of a progressive JPEG that may be nothing; an AVIF, JPEG XL or JPEG 2000 that ends early can't be read all the
    /// same.
    /// </summary>
    public bool AcceptTruncated { get; init; }

    /// <summary>Whether transparent pixels are shown on white. Otherwise alpha is dropped: the color stays, as it is in the file.</summary>
    public bool ComposeOnWhite { get; init; }

    /// <summary>
    /// Whether the decoder may make a large photograph smaller, which changes pixels a little: one of twelve megapixels takes less than
    /// half of the time. Twice the sides to which the photograph is resized are left at least.
    /// </summary>
    public DecodeScaling DecodeScaling
    {
        get;
        init { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(DecodeScaling), value, "Exact or Fast"); }
    } = ImagePreparingEstimator.Defaults.DecodeScaling;

    /// <summary>
    /// Whether levels of another color space become those of sRGB, which networks are trained on: by the file's profile (ICC), as Display
    /// P3 of telephones or Adobe RGB, by gamma and primaries of a PNG, or by the numbers that HEIC and AVIF have in its place. Otherwise
    /// they are taken as they stand in the file. Files of sRGB and without a profile keep their levels, as do HDR, CMYK, profiles made of
    /// tables, and images that are decoded already.
    /// </summary>
    public bool ConvertToSrgb { get; init; }

    internal ImagePreparationOptions With(BadImageHandling? badImages = null, int? maxPixels = null)
        => new(this) { BadImages = badImages ?? BadImages, MaxPixels = maxPixels ?? MaxPixels };

    /// <summary>The side of the square where one of <paramref name="imageSize"/> pixels is asked for: the nearest multiple of
    /// <see cref="SideMultiple"/>.</summary>
    /// <param name="imageSize">Side in pixels, from 1 to 16,384.</param>
    public int SideOf(int imageSize)
    {
        int most = ImagePreparingEstimator.Options.LargestImageSize / SideMultiple;
        return SideMultiple * Math.Clamp((int)Math.Round((double)imageSize / SideMultiple), 1, most);
    }

    /// <summary>The side to which photographs are resized for a square of <paramref name="size"/> pixels.</summary>
    /// <param name="size">Side of the square.</param>
    /// <param name="firstSize">Side of the first square, to which <see cref="ShorterSideTo"/> belongs.</param>
    internal int ResizedSideOf(int size, int firstSize)
        => ShorterSideTo is { } side ? (int)Math.Round((double)side * size / firstSize) : size;

    /// <exception cref="ArgumentException"><see cref="ShorterSideTo"/> is less than the first size.</exception>
    internal void CheckShorterSide(int firstSize)
    {
        if (ShorterSideTo < firstSize)
            throw Errors.ShorterSide(ShorterSideTo.Value, firstSize);
    }

    /// <summary>What pixels depend on. <see cref="MaxPixels"/> and <see cref="BadImages"/> only decide whether there are any.</summary>
    /// <remarks>What came later is written only where it is not as it was before: fingerprints of older models stay.</remarks>
    internal void WriteTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(ApplyOrientation);
        foreach (float value in Mean.Concat(Std))
            fingerprint.Write(value);
        fingerprint.Write(AcceptTruncated);
        fingerprint.Write(ComposeOnWhite);
        WriteChange(nameof(Fit), (int)Fit, (int)ImagePreparingEstimator.Defaults.Fit);
        WriteChange(nameof(ShorterSideTo), ShorterSideTo ?? 0, 0);
        WriteChange(nameof(Rounding), (int)Rounding, (int)ImagePreparingEstimator.Defaults.Rounding);
        WriteChange(nameof(Resampling), (int)Resampling, (int)ImagePreparingEstimator.Defaults.Resampling);
        WriteChange(nameof(Bgr), Bgr ? 1 : 0, 0);
        WriteChange(nameof(DecodeScaling), (int)DecodeScaling, (int)ImagePreparingEstimator.Defaults.DecodeScaling);
        WriteChange(nameof(ConvertToSrgb), ConvertToSrgb ? 1 : 0, 0);

        void WriteChange(string name, int value, int before)
        {
            if (value == before)
                return;
            fingerprint.Write(name);
            fingerprint.Write(value);
        }
    }

    private static bool IsTriple(IReadOnlyList<float> values, Func<float, bool> isAllowed)
        => values is { Count: 3 } && values.All(isAllowed);

    private static string Describe(IReadOnlyList<float> values) => values is null ? "null" : $"[{string.Join(", ", values)}]";
}
