using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks;

/// <summary>Makes the input of a network from photographs. Fitted by <see cref="ImagePreparingEstimator"/>.</summary>
public sealed class ImagePreparingTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkImagePreparing";
    internal const string InputTypes = "String (a path), Vector<Byte> (a file) or MLImage";
    internal static readonly ModelFormat Format = new("LMIMAGES", LoaderName, Version: 1, OldestReadable: 1);

    private readonly ImagePreparingEstimator.Options _options;

    internal ImagePreparingTransformer(IHostEnvironment env, ImagePreparingEstimator.Options options) : base(env) => _options = options;

    /// <summary>What becomes of a photograph that can't be read.</summary>
    public BadImageHandling BadImages => _options.BadImages;

    internal override int BatchSize { get; set; } = 32;

    private protected override ModelFormat SavedFormat => Format;

    private protected override IReadOnlyList<string> InputColumnNames => [_options.InputOrOutputColumnName];

    /// <summary>The same step with another answer to photographs that can't be read, for a model that was saved with the first.</summary>
    public ImagePreparingTransformer WithBadImages(BadImageHandling badImages) => new(Env, new ImagePreparingEstimator.Options
    {
        OutputColumnName = _options.OutputColumnName,
        InputColumnName = _options.InputColumnName,
        ImageSize = _options.ImageSize,
        ApplyOrientation = _options.ApplyOrientation,
        BadImages = badImages,
        Mean = _options.Mean,
        Std = _options.Std,
    });

    internal static ImagePreparingTransformer Load(IHostEnvironment env, ModelReader model) => new(env, new ImagePreparingEstimator.Options
    {
        OutputColumnName = model.ReadString(),
        InputColumnName = model.ReadNullableString(),
        ImageSize = model.ReadInt32("the image size", 1, ImagePreparingEstimator.Options.LargestImageSize),
        ApplyOrientation = model.ReadBoolean(),
        BadImages = (BadImageHandling)model.ReadInt32("the handling of bad images", 0, (int)BadImageHandling.Skip),
        Mean = [model.ReadSingle(), model.ReadSingle(), model.ReadSingle()],
        Std = [model.ReadSingle(), model.ReadSingle(), model.ReadSingle()],
    });

    private protected override void SaveValues(ModelWriter model)
    {
        model.Write(_options.OutputColumnName);
        model.WriteNullable(_options.InputColumnName);
        model.Write(_options.ImageSize);
        model.Write(_options.ApplyOrientation);
        model.Write((int)_options.BadImages);
        foreach (float value in _options.Mean.Concat(_options.Std))
            model.Write(value);
    }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
    {
        DataViewSchema.Column column = inputSchema.GetColumn("image", _options.InputOrOutputColumnName);
        bool isFile = column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte;
        if (!isFile && column.Type is not (TextDataViewType or ImageDataViewType))
            throw Errors.ColumnType("image", column.Name, InputTypes, column.Type.Describe());
        return [new(_options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, 3, _options.ImageSize, _options.ImageSize))];
    }

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
        => new ImagePreparingKernel(_options, warnings, ImageSource.Create(input, input.Schema[_options.InputOrOutputColumnName], _options.ApplyOrientation, capacity), capacity);
}
