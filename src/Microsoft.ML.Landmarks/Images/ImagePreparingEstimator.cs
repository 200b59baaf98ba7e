using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>
/// Makes the input of a network from photographs: decodes, resizes the shorter side (bicubic, as OpenCV does it), cuts out the middle
/// square and normalises each channel, <c>(level / 255 - mean) / std</c>. Made by
/// <see cref="LandmarksCatalog.PrepareImages(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>Nothing is learned from the data: <see cref="Fit"/> only checks the input's schema.</remarks>
public sealed class ImagePreparingEstimator : IEstimator<ImagePreparingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;

    internal ImagePreparingEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _env = env;
        _options = options;
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
    }

    /// <summary>Settings of <see cref="ImagePreparingEstimator"/>.</summary>
    public sealed class Options
    {
        internal const int LargestImageSize = 16_384;

        private const string RangeOfMean = "three finite numbers, for R, G and B";
        private const string RangeOfStd = "three numbers above 0, for R, G and B";

        /// <summary>The column that is added: Vector&lt;Single, 3, size, size&gt;, channels R, G, B.</summary>
        public required string OutputColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(OutputColumnName)); field = value; }
        }

        /// <summary>The column with the photographs: paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage. Null: the output's name.</summary>
        public string? InputColumnName { get; init; }

        /// <summary>Side of the square in pixels, from 1 to 16,384.</summary>
        public int ImageSize
        {
            get;
            init
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ImageSize));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestImageSize, nameof(ImageSize));
                field = value;
            }
        } = Defaults.ImageSize;

        /// <summary>Whether a photograph is turned as its EXIF orientation says. An MLImage is taken as it is.</summary>
        public bool ApplyOrientation { get; init; } = Defaults.ApplyOrientation;

        /// <summary>What becomes of a photograph that can't be read.</summary>
        public BadImageHandling BadImages
        {
            get;
            init { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(BadImages), value, "Throw or Skip"); }
        } = Defaults.BadImages;

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
            init { field = IsTriple(value, v => float.IsFinite(v) && v > 0) ? [.. value] : throw Errors.Option(nameof(Std), Describe(value), RangeOfStd); }
        } = [0.229f, 0.224f, 0.225f];

        internal string InputOrOutputColumnName => InputColumnName ?? OutputColumnName;

        private static bool IsTriple(IReadOnlyList<float> values, Func<float, bool> isAllowed) => values is { Count: 3 } && values.All(isAllowed);

        private static string Describe(IReadOnlyList<float> values) => values is null ? "null" : $"[{string.Join(", ", values)}]";
    }

    /// <summary>Checks the schema of <paramref name="input"/>; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public ImagePreparingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new ImagePreparingTransformer(_env, _options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column column = inputSchema.GetColumn("image", _options.InputOrOutputColumnName);
        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        bool isPathOrImage = !isVector && (column.ItemType is TextDataViewType or ImageDataViewType);
        if (!isPathOrImage && !(isVector && column.ItemType == NumberDataViewType.Byte))
            throw Errors.ColumnType("image", column.Name, ImagePreparingTransformer.InputTypes, column.Describe());
        return inputSchema.With(MLNetInternals.ShapeColumn(_options.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single));
    }
}
