using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Embeddings;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Turns prepared images into embeddings by an ONNX network. Fitted by <see cref="ImageEmbeddingEstimator"/>.</summary>
public sealed class ImageEmbeddingTransformer : BatchTransformer
{
    internal const string LoaderName = "LandmarkImageEmbedding";

    private EmbeddingSettings _settings;
    private readonly byte[] _network;
    private readonly Lazy<byte[]> _networkHash;
    private readonly OnnxEmbedder _embedder;
    private readonly StepBuffers _ownBuffers = new();
    private readonly Fingerprint _fingerprint;

    /// <param name="env">The environment.</param>
    /// <param name="settings">Columns, and what is embedded.</param>
    /// <param name="network">The bytes of the ONNX file, which a saved model carries.</param>
    /// <param name="networkHash">Their SHA-256.</param>
    /// <param name="embedder">The network, made for these settings; disposed with the transformer.</param>
    /// <param name="lineage">What made the prepared images.</param>
    /// <param name="batchSize">Rows at once.</param>
    /// <param name="options">How it works to begin with; null for a model that was loaded.</param>
    internal ImageEmbeddingTransformer(IHostEnvironment env, EmbeddingSettings settings, byte[] network, Lazy<byte[]> networkHash,
        OnnxEmbedder embedder, Lineage lineage, int batchSize, StepOptions? options = null) : base(env, options)
    {
        _settings = settings;
        _network = network;
        _networkHash = networkHash;
        _embedder = embedder;
        Lineage = lineage;
        _fingerprint = new Fingerprint(writer =>
        {
            writer.Write(ImageEmbeddingFormat.Format.Signature);
            writer.Write(networkHash.Value);
            writer.Write(embedder.Info.InputName);
            writer.Write(embedder.Info.OutputName);
            settings.WriteTo(writer);
            lineage.WriteTo(writer);
        });
        BatchSize = batchSize;
    }

    /// <summary>
    /// What becomes of a photograph that can't be read; where the input holds prepared images, that is up to the step that prepares them.
    /// It is no part of what a model computes: it may be changed at any time, also in a model that was loaded, and counts for the cursors,
    /// rows and prediction engines that are opened from then on.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of the two.</exception>
    public BadImageHandling BadImages
    {
        get => _settings.Preparation.BadImages;
        set => _settings = _settings with { Preparation = _settings.Preparation.With(badImages: value) };
    }

    /// <summary>
    /// The most pixels that a photograph may have, as <see cref="ImagePreparationOptions.MaxPixels"/> says. It may be changed like
    /// <see cref="BadImages"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxPixels
    {
        get => _settings.Preparation.MaxPixels;
        set => _settings = _settings with { Preparation = _settings.Preparation.With(maxPixels: value) };
    }

    /// <summary>
    /// Told of each photograph that <see cref="BadImageHandling.Skip"/> skips, in place of the warning that counts them; null for the
    /// warning. It may be changed like <see cref="BadImages"/>, and is no part of a saved model. Any thread may report; rows are reported
    /// in order, before a cursor comes to them.
    /// </summary>
    public IProgress<SkippedImage>? SkippedImages { get; set; }

    /// <summary>The GPU that the network works on, by CUDA's number; null for the CPU, also where it has taken the place of a
    /// GPU.</summary>
    public int? GpuDeviceId => _embedder.Gpu;

    /// <summary>How what the network makes becomes an embedding.</summary>
    public EmbeddingPooling Pooling => _settings.Pooling.ToOption();

    /// <summary>Those of others that it works in, so that they outlive it and are not more than others have; null for its own.</summary>
    internal StepBuffers? LentBuffers { get; set; }

    internal override int BatchSize { get; set; }

    /// <inheritdoc cref="OnnxEmbedder.ImagesInGroup"/>
    internal int ImagesInGroup => _embedder.ImagesInGroup;

    internal EmbeddingSettings Settings => _settings;

    internal NetworkInfo Network => _embedder.Info;

    /// <summary>The bytes of the network's file.</summary>
    internal ReadOnlyMemory<byte> Content => _network;

    /// <summary>The SHA-256 of the network's file.</summary>
    internal byte[] NetworkHash => _networkHash.Value;

    internal bool IsNetworkLoaded => _embedder.IsLoaded;

    private StepBuffers Buffers => LentBuffers ?? _ownBuffers;

    private protected override IProgress<SkippedImage>? ToldOfSkippedImages => SkippedImages;

    private protected override ModelFormat SavedFormat => ImageEmbeddingFormat.Format;

    private protected override Lineage Lineage { get; }

    /// <summary>The column with photographs, or with prepared images.</summary>
    internal string InputColumnName => _settings.InputColumnName;

    private protected override IReadOnlyList<string> InputColumnNames => [_settings.InputColumnName];

    /// <summary>
    /// The same step with another answer to photographs that can't be read, for a model that was saved with the first. A step that takes
    /// prepared images reads no photograph, so its embeddings are the same with either answer. Both steps use one network: each is disposed
    /// for itself, in any order, and the network is freed with the last.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="badImages"/> is none of the two.</exception>
    public ImageEmbeddingTransformer WithBadImages(BadImageHandling badImages)
    {
        EmbeddingSettings settings = _settings with { Preparation = _settings.Preparation.With(badImages) };
        return new ImageEmbeddingTransformer(Env, settings, _network, _networkHash, _embedder.Share(), Lineage, BatchSize)
        {
            MaxDegreeOfParallelism = MaxDegreeOfParallelism,
            CancellationToken = CancellationToken,
            Progress = Progress,
            SkippedImages = SkippedImages,
        };
    }

    /// <summary>The heights and widths in pixels of the images that go through the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    internal static IReadOnlyList<(int Height, int Width)> SizesOf(EmbeddingSettings settings, NetworkInfo info, DataViewSchema inputSchema)
    {
        if (settings.TakesPhotographs)
            return [.. settings.ImageSizes.Select(size => (size, size))];
        DataViewSchema.Column column = inputSchema.GetColumn("image", settings.InputColumnName);
        // ML.NET's own ONNX step leaves a batch of one in the type of what it gives.
        return column.Type is VectorDataViewType { Dimensions: [.. var batch, 3, > 0 and var height, > 0 and var width] } vector
            && vector.ItemType == NumberDataViewType.Single && batch is [] or [1]
            && height == (info.Height ?? height) && width == (info.Width ?? width)
            ? [(height, width)]
            : throw Errors.ColumnType("image", column.Name, InputType(info.Height, info.Width), column.Type.Describe());
    }

    internal static string InputType(int? height, int? width)
        => $"Vector<Single, 3, {height?.ToString() ?? "height"}, {width?.ToString() ?? "width"}>";

    internal static ImageEmbeddingTransformer Load(IHostEnvironment env, ModelReader model)
    {
        (EmbeddingSettings settings, string inputName, string outputName, byte[] network, byte[] hash, Lineage lineage)
            = ImageEmbeddingFormat.Read(model);
        var log = new OnnxLog(env, "The network in the model");
        OnnxEmbedder embedder = Device.Use(env, gpuDeviceId: null, fallbackToCpu: false,
            gpu => new OnnxEmbedder(
                network, log, inputName, outputName, settings.AverageMirror,
                OnnxDevice.Of(gpu, ImageEmbeddingEstimator.Defaults.BatchSize), pooling: settings.Pooling));
        return new ImageEmbeddingTransformer(env, settings, network, new Lazy<byte[]>(hash), embedder, lineage,
            ImageEmbeddingEstimator.Defaults.BatchSize);
    }

    private protected override void SaveValues(ModelWriter model)
        => ImageEmbeddingFormat.Write(model, _settings, _embedder.Info, _network, Lineage);

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema)
        => [new(_settings.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, GetDimension(inputSchema)),
        _fingerprint.ToAnnotations())];

    private protected override void Rest() => _ownBuffers.Rest();

    private protected override IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
    {
        int dimension = GetDimension(input.Schema);
        if (!_settings.TakesPhotographs)
        {
            (int height, int width) = SizesOf(_settings, _embedder.Info, input.Schema)[0];
            DataViewSchema.Column images = input.Schema[_settings.InputColumnName];
            return new ImageEmbeddingKernel(_embedder, input, images, height, width, dimension, Buffers.Arrays, capacity);
        }

        var preparer = new ImagePreparer(_settings.Preparation, _settings.ImageSizes);
        var photographs = new PhotographBatch(input, _settings.InputColumnName, _settings.Preparation, Buffers.Images, warnings,
            preparer.ResizedSidesOf, capacity);
        return new PhotographEmbeddingKernel(_embedder, photographs, preparer, _settings.ImageSizes, dimension, Buffers.Arrays, capacity);
    }

    private protected override void GiveUp() => _embedder.Dispose();

    private int GetDimension(DataViewSchema inputSchema)
    {
        if (_settings.TakesPhotographs)
            ImageSource.GetColumn(inputSchema, _settings.InputColumnName);
        int[] dimensions = [.. SizesOf(_settings, _embedder.Info, inputSchema)
            .Select(size => _embedder.GetDimension(size.Height, size.Width, Parallelism))];
        return Array.TrueForAll(dimensions, d => d == dimensions[0])
            ? dimensions[0] : throw Errors.NetworkDimensions(_embedder.Info.OutputName, _settings.ImageSizes, dimensions);
    }
}
