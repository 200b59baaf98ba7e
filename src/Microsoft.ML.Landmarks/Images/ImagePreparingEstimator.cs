using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Makes the input of a network from photographs: decodes, resizes the shorter side (as OpenCV's bicubic does it, or as
/// <see cref="ImagePreparationOptions.Resampling"/> says), cuts out the middle square, or fits it as
/// <see cref="ImagePreparationOptions.Fit"/> says, and normalises each channel, <c>(level / 255 - mean) / std</c>.
/// Made by <see cref="LandmarksCatalog.PrepareImages(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>Nothing is learned from the data: <see cref="Fit"/> only checks the input's schema.</remarks>
public sealed class ImagePreparingEstimator : IEstimator<ImagePreparingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly int _imageSize;

    internal ImagePreparingEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _env = env;
        _options = options;
        _imageSize = options.SideOf(options.ImageSize);
        options.CheckShorterSide(_imageSize);
    }

    /// <summary>The values that are taken unless told otherwise.</summary>
    public static class Defaults
    {
        /// <summary>Side of the square, in pixels.</summary>
        public const int ImageSize = 384;

        /// <summary>The EXIF orientation is obeyed.</summary>
        public const bool ApplyOrientation = true;

        /// <summary>A photograph that can't be read is an error.</summary>
        public const BadImageHandling BadImages = BadImageHandling.Throw;

        /// <summary>The middle square is cut out.</summary>
        public const ImageFit Fit = ImageFit.CropCenter;

        /// <summary>Any size of the square.</summary>
        public const int SideMultiple = 1;

        /// <summary>albumentations'.</summary>
        public const ImageRounding Rounding = ImageRounding.Albumentations;

        /// <summary>OpenCV's INTER_CUBIC.</summary>
        public const ImageResampling Resampling = ImageResampling.OpenCvCubic;

        /// <summary>All pixels of a photograph are decoded.</summary>
        public const DecodeScaling DecodeScaling = ML.DecodeScaling.Exact;

        /// <summary>The most pixels of a photograph: 16,384 x 16,384, more than the 200 megapixels of a telephone.</summary>
        public const int MaxPixels = 16_384 * 16_384;
    }

    /// <summary>Settings of <see cref="ImagePreparingEstimator"/>.</summary>
    public sealed class Options : ImagePreparationOptions
    {
        /// <summary>The largest side of the square, in pixels.</summary>
        public const int LargestImageSize = 16_384;

        /// <summary>The values that are taken unless told otherwise.</summary>
        public Options()
        {
        }

        /// <summary>The preparation of others, but for threads, cancellation and progress.</summary>
        /// <param name="preparation">The others.</param>
        public Options(ImagePreparationOptions preparation) : base(preparation)
        {
        }

        /// <summary>The column that is added: Vector&lt;Single, 3, size, size&gt;, channels R, G, B.</summary>
        public required string OutputColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(OutputColumnName)); field = value; }
        }

        /// <summary>The column with the photographs: paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage. Null: the output's
        /// name.</summary>
        public string? InputColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(InputColumnName)); }
        }

        /// <summary>Side of the square in pixels, from 1 to 16,384; it becomes the nearest multiple of
        /// <see cref="ImagePreparationOptions.SideMultiple"/>.</summary>
        public int ImageSize
        {
            get;
            init { field = CheckImageSize(value, nameof(ImageSize)); }
        } = Defaults.ImageSize;

        internal static int CheckImageSize(int imageSize, string name)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(imageSize, 1, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(imageSize, LargestImageSize, name);
            return imageSize;
        }
    }

    /// <summary>Checks the schema of <paramref name="input"/>; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    public ImagePreparingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.CancellationToken.ThrowIfCancellationRequested();
        var transformer = new ImagePreparingTransformer(
            _env, _options.OutputColumnName, InputColumnName, _imageSize, _options, _options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageSource.CheckColumn(inputSchema, InputColumnName);
        return inputSchema.With(MLNetInternals.ShapeColumn(_options.OutputColumnName, SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single, annotations: Fingerprint.Shape));
    }

    private string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;
}
