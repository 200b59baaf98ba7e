using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Makes the input of a network from photographs. Fitted by <see cref="ImagePreparingEstimator"/>.</summary>
public sealed class ImagePreparingTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkImagePreparing";

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly int _imageSize;
    private readonly StepBuffers _ownBuffers = new();
    private readonly Fingerprint _fingerprint;
    private ImagePreparationOptions _preparation;

    internal ImagePreparingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, int imageSize,
        ImagePreparationOptions preparation, StepOptions? options = null) : base(env, options)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _imageSize = imageSize;
        _preparation = preparation;
        _fingerprint = new Fingerprint(writer =>
        {
            writer.Write(ImagePreparingFormat.Format.Signature);
            writer.Write(imageSize);
            preparation.WriteTo(writer);
        });
    }

    /// <summary>
    /// What becomes of a photograph that can't be read. It is no part of what a model computes: it may be changed at
    /// any time, also in a model that was loaded, and counts for the cursors, rows and prediction engines that are opened from then on.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of the two.</exception>
    public BadImageHandling BadImages
    {
        get => _preparation.BadImages;
        set => _preparation = _preparation.With(badImages: value);
    }

    /// <summary>
    /// The most pixels that a photograph may have, as <see cref="ImagePreparationOptions.MaxPixels"/> says. It may be changed like
    /// <see cref="BadImages"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxPixels
    {
        get => _preparation.MaxPixels;
        set => _preparation = _preparation.With(maxPixels: value);
    }

    /// <summary>
    /// Told of each photograph that <see cref="BadImageHandling.Skip"/> skips, in place of the warning that counts them; null for the
    /// warning. It may be changed like <see cref="BadImages"/>, and is no part of a saved model. Any thread may report; rows are reported
    /// in order, before a cursor comes to them.
    /// </summary>
    public IProgress<SkippedImage>? SkippedImages { get; set; }

    /// <summary>Those of others that it works in, so that they outlive it and are not more than others have; null for its own.</summary>
    internal StepBuffers? LentBuffers { get; set; }

    internal override int BatchSize { get; set; } = 32;

    internal string InputColumnName => _inputColumnName;

    internal string OutputColumnName => _outputColumnName;

    /// <summary>Width and height of the prepared images.</summary>
    internal int ImageSize => _imageSize;

    internal ImagePreparationOptions Preparation => _preparation;

    private StepBuffers Buffers => LentBuffers ?? _ownBuffers;

    private protected override IProgress<SkippedImage>? ToldOfSkippedImages => SkippedImages;

    private protected override ModelFormat SavedFormat => ImagePreparingFormat.Format;

    private protected override IReadOnlyList<string> InputColumnNames => [_inputColumnName];

    /// <summary>The same step with another answer to photographs that can't be read, for a model that was saved with the first.</summary>
    public ImagePreparingTransformer WithBadImages(BadImageHandling badImages)
        => new(Env, _outputColumnName, _inputColumnName, _imageSize, _preparation.With(badImages))
        {
            MaxDegreeOfParallelism = MaxDegreeOfParallelism,
            CancellationToken = CancellationToken,
            Progress = Progress,
            SkippedImages = SkippedImages,
        };

    internal static ImagePreparingTransformer Load(IHostEnvironment env, ModelReader model)
    {
        (string output, string input, int imageSize, ImagePreparationOptions preparation) = ImagePreparingFormat.Read(model);
        return new ImagePreparingTransformer(env, output, input, imageSize, preparation);
    }

    private protected override void SaveValues(ModelWriter model)
        => ImagePreparingFormat.Write(model, _outputColumnName, _inputColumnName, _imageSize, _preparation);

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        ImageSource.GetColumn(inputSchema, _inputColumnName);
        return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, 3, _imageSize, _imageSize),
            _fingerprint.ToAnnotations())];
    }

    private protected override void Rest() => _ownBuffers.Rest();

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        var preparer = new ImagePreparer(_preparation, [_imageSize]);
        var photographs = new PhotographBatch(input, _inputColumnName, _preparation, Buffers.Images, warnings, preparer.ResizedSidesOf,
            capacity);
        return new ImagePreparingKernel(_imageSize, preparer, photographs, Buffers.Arrays, capacity);
    }
}
