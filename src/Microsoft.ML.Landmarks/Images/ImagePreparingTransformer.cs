using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Makes the input of a network from photographs. Fitted by <see cref="ImagePreparingEstimator"/>.</summary>
public sealed class ImagePreparingTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkImagePreparing";
    internal static readonly ModelFormat Format = new("LMIMAGES", LoaderName, Version: 1, OldestReadable: 1);

    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly int _imageSize;
    private readonly ImagePreparationOptions _preparation;
    private readonly ImageBuffers _buffers = new();
    private readonly Fingerprint _fingerprint;

    internal ImagePreparingTransformer(IHostEnvironment env, string outputColumnName, string inputColumnName, int imageSize, ImagePreparationOptions preparation) : base(env)
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _imageSize = imageSize;
        _preparation = preparation;
        _fingerprint = new Fingerprint(writer =>
        {
            writer.Write(Format.Signature);
            writer.Write(imageSize);
            preparation.WriteTo(writer);
        });
    }

    /// <summary>What becomes of a photograph that can't be read.</summary>
    public BadImageHandling BadImages => _preparation.BadImages;

    internal override int BatchSize { get; set; } = 32;

    private protected override ModelFormat SavedFormat => Format;

    private protected override IReadOnlyList<string> InputColumnNames => [_inputColumnName];

    /// <summary>The same step with another answer to photographs that can't be read, for a model that was saved with the first.</summary>
    public ImagePreparingTransformer WithBadImages(BadImageHandling badImages)
        => new(Env, _outputColumnName, _inputColumnName, _imageSize, _preparation.With(badImages));

    internal static ImagePreparingTransformer Load(IHostEnvironment env, ModelReader model) => new(env,
        model.ReadColumnName(), model.ReadColumnName(), model.ReadInt32("the image size", 1, ImagePreparingEstimator.Options.LargestImageSize), ImagePreparationOptions.Load(model));

    private protected override void SaveValues(ModelWriter model)
    {
        model.Write(_outputColumnName);
        model.Write(_inputColumnName);
        model.Write(_imageSize);
        _preparation.Save(model);
    }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        ImageSource.GetColumn(inputSchema, _inputColumnName);
        return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, 3, _imageSize, _imageSize), _fingerprint.ToAnnotations())];
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
        => new ImagePreparingKernel(_imageSize, new PhotographBatch(input, _inputColumnName, _preparation, _buffers, warnings, capacity), capacity);
}
