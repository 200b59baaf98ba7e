using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Embeddings;
using Microsoft.ML.Landmarks.Embeddings.Onnx;
using Microsoft.ML.Landmarks.Embeddings.Pooling;
using Microsoft.ML.Landmarks.Embeddings.Tensors;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Turns photographs or prepared images into embeddings by an ONNX network that works on batches of rows. Made by
/// <see cref="LandmarksCatalog.EmbedPhotographs(TransformsCatalog, Options)"/> or
/// <see cref="LandmarksCatalog.EmbedImages(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// Nothing is learned from the data: <see cref="Fit"/> only checks the input's schema, and tries the network on a black image. The network
/// becomes part of the model, with the weights that its file leaves to others; of one that takes texts too, what is made of images alone.
/// </remarks>
public sealed class ImageEmbeddingEstimator : IEstimator<ImageEmbeddingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly byte[] _network;
    private readonly Lazy<byte[]> _networkHash;
    private readonly OnnxLog _log;
    private readonly Func<int?, int, OnnxDevice> _deviceOf;
    private readonly int? _gpu;
    private readonly int[] _imageSizes;

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="takesPhotographs">Whether the input holds photographs, also where the options name no size of images.</param>
    /// <param name="deviceOf">The device for a GPU or the CPU and a batch size; null for <see cref="OnnxDevice.Of"/>.</param>
    internal ImageEmbeddingEstimator(
        IHostEnvironment env, Options options, bool takesPhotographs = false, Func<int?, int, OnnxDevice>? deviceOf = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _env = env;
        _options = options;
        _deviceOf = deviceOf ?? OnnxDevice.Of;
        _log = new OnnxLog(env, $"'{options.ModelFile}'");
        NetworkContent content = Read(options, _log.Network);
        _network = content.Bytes;
        LeftOut = content.LeftOut;
        _networkHash = new Lazy<byte[]>(() => SHA256.HashData(_network));
        using OnnxEmbedder embedder = Device.Use(env, options.GpuDeviceId, options.FallbackToCpu, CreateEmbedder);
        _gpu = embedder.Gpu;
        NetworkInfo info = embedder.Info;
        new PoolingFinder(info.OutputName, info.OtherOutputs).Check(options.Pooling, info.OutputShape);
        (Inputs, Outputs, ModelInputName, ModelOutputName) = (info.Inputs, info.Outputs, info.InputName, info.OutputName);
        Preparation = info.InputKind == TensorKind.Byte ? Levels(options.Preparation, info.InputName) : options.Preparation;
        if (LeftOut.Count > 0)
            _log.Tell(Errors.NetworkLeftOut(info.InputName, LeftOut));
        if (info.Outputs.Count > 1 && options.ModelOutputName is null)
            _log.Tell(Errors.NetworkOutputFound(info.OutputName, info.OtherOutputs));
        (FixedImageHeight, FixedImageWidth) = (info.Height, info.Width);
        FixedImageSize = info.Height is { } height && height != (info.Width ?? height) ? null : info.Height ?? info.Width;
        ImageSize = FixedImageSize ?? info.PreferredImageSize;
        IReadOnlyList<int> sizes = options.ImageSizes
            ?? (takesPhotographs ? [ImageSize ?? ImagePreparingEstimator.Defaults.ImageSize] : []);
        _imageSizes = [.. sizes.Select(options.Preparation.SideOf)];
        if (_imageSizes.Length > 0)
            options.Preparation.CheckShorterSide(_imageSizes[0]);
        foreach (int size in _imageSizes)
        {
            if (size != (info.Height ?? size) || size != (info.Width ?? size))
                throw Errors.NetworkImageSize(size, info.Height, info.Width);
        }
    }

    /// <summary>How many bytes of a saved model the network takes: its file, with the weights in others.</summary>
    public int NetworkBytes => _network.Length;

    /// <summary>The network's inputs.</summary>
    public IReadOnlyList<NetworkTensor> Inputs { get; }

    /// <summary>The network's outputs.</summary>
    public IReadOnlyList<NetworkTensor> Outputs { get; }

    /// <summary>Inputs of the file, and outputs that depend on them, that are left out since images do without.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The name of the input that takes the images.</summary>
    public string ModelInputName { get; }

    /// <summary>The name of the output that is the embedding, or becomes one by <see cref="Options.Pooling"/>.</summary>
    public string ModelOutputName { get; }

    /// <summary>
    /// How photographs are to be prepared for the network: <see cref="Options.Preparation"/>, but for a network that takes bytes. That gets
    /// levels from 0 to 255 as they are, a mean of 0 and a standard deviation of 1/255.
    /// </summary>
    public ImagePreparationOptions Preparation { get; }

    /// <summary>Side in pixels of the square images that the network takes; null where it takes more than one size, or no
    /// squares.</summary>
    public int? FixedImageSize { get; }

    /// <summary>Height in pixels of the images that the network takes; null where it says that any will do.</summary>
    public int? FixedImageHeight { get; }

    /// <summary>Width in pixels of the images that the network takes; null where it says that any will do.</summary>
    public int? FixedImageWidth { get; }

    /// <summary>Side in pixels of the square images that suit the network: its fixed input, else its metadata entry <c>image_size</c>; else
    /// null.</summary>
    public int? ImageSize { get; }

    /// <summary>The values that are taken unless told otherwise.</summary>
    public static class Defaults
    {
        /// <summary>Rows that are embedded at once.</summary>
        public const int BatchSize = 32;
    }

    /// <summary>Settings of <see cref="ImageEmbeddingEstimator"/>.</summary>
    public sealed class Options : StepOptions
    {
        /// <summary>The most image sizes.</summary>
        public const int MostImageSizes = 64;

        /// <summary>
        /// The column that is added: Vector&lt;Single, d&gt;, the network's output for the image, as <see cref="Pooling"/> says, else
        /// flattened and unchanged; for a photograph the mean of these at the <see cref="ImageSizes"/>, each scaled to unit length.
        /// </summary>
        public required string OutputColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(OutputColumnName)); field = value; }
        }

        /// <summary>
        /// The column with the images: Vector&lt;Single, 3, height, width&gt;, or with a batch of one before, as ML.NET's ONNX step gives
        /// them; or photographs: paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage. Null: the output's name.
        /// </summary>
        public string? InputColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(InputColumnName)); }
        }

        /// <summary>
        /// The ONNX file; weights may lie in other files of its folder. All together have less than 2 GB (2^31 - 57 bytes).
        /// </summary>
        public required string ModelFile
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(ModelFile)); field = value; }
        }

        /// <summary>The bytes of the ONNX file, where they are at hand, as <see cref="LandmarkNetworkInfo.Content"/> is.
        /// <see cref="ModelFile"/> is then what messages call it, and is not read; all weights must be in the bytes, which are not copied
        /// and must not change. Null: it is read.</summary>
        public ReadOnlyMemory<byte>? ModelBytes { get; init; }

        /// <summary>
        /// The network's input that takes the images: [batch, 3, height, width] or [batch, height, width, 3], of Single, Float16, BFloat16
        /// or UInt8 (which takes levels from 0 to 255, and refuses other values). Null: the only one, else <c>pixel_values</c>, else the
        /// only one of these axes.
        /// </summary>
        public string? ModelInputName { get; init; }

        /// <summary>
        /// The network's output that is the embedding, of Single, Float16, BFloat16 or UInt8. Null: the only one, else the first of
        /// <c>image_embeds</c>, <c>pooler_output</c>, <c>image_features</c>, <c>embedding</c> and <c>embeddings</c>, else the only one of
        /// [batch, values], else <c>last_hidden_state</c>; where <see cref="Pooling"/> asks for more than None, that or the only one of
        /// three or four axes comes first.
        /// </summary>
        public string? ModelOutputName { get; init; }

        /// <summary>
        /// How an output of several axes becomes one row. Null: as it is where one axis after the batch is longer than 1; tokens that are
        /// called <c>last_hidden_state</c> by their class token, or by their mean where they have none. Any other is refused.
        /// </summary>
        public EmbeddingPooling? Pooling { get; init; }

        /// <summary>
        /// Whether an embedding is the mean of the network's outputs for the image and for its mirror image: about twice the time, and
        /// embeddings that do not mind from which side a photograph was taken.
        /// </summary>
        public bool AverageMirror { get; init; }

        /// <summary>
        /// Sides in pixels, 1 to 64 of them from 1 to 16,384: the input holds photographs (paths, files or MLImage), each is decoded once
        /// and prepared here at each size, and the embedding is the mean of the outputs, each scaled to unit length. Null: in
        /// <see cref="LandmarksCatalog.EmbedImages(TransformsCatalog, Options)"/> the input is prepared already; in
        /// <see cref="LandmarksCatalog.EmbedPhotographs(TransformsCatalog, Options)"/> it is the one size that suits the network, else 384.
        /// </summary>
        public IReadOnlyList<int>? ImageSizes
        {
            get;
            init { field = EmbeddingSettings.CheckSizes(value, nameof(ImageSizes)); }
        }

        /// <summary>How photographs are prepared, where the input holds these.</summary>
        public ImagePreparationOptions Preparation
        {
            get;
            init { ArgumentNullException.ThrowIfNull(value, nameof(Preparation)); field = value; }
        } = new();

        /// <summary>
        /// The GPU to work on, by CUDA's number. Null: <see cref="MLContext.GpuDeviceId"/> with <see cref="MLContext.FallbackToCpu"/>, and
        /// without that the CPU. It is no part of the model: one that is loaded works where the context that loads it says.
        /// </summary>
        public int? GpuDeviceId { get; init; }

        /// <summary>Whether the CPU may take the place of the GPU in <see cref="GpuDeviceId"/> where that can't be used; a warning says
        /// so.</summary>
        public bool FallbackToCpu { get; init; }

        /// <summary>
        /// The most rows that are embedded at once, at least 1; fewer where their pixels would take more than 64 MB. On the CPU their
        /// images go through the network one by one on all cores, and embeddings do not depend on this number; on a GPU they go together.
        /// Where the network has a fixed batch, they go in groups of that size. The last group is padded.
        /// </summary>
        public int BatchSize
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BatchSize)); field = value; }
        } = Defaults.BatchSize;

        internal EmbeddingSettings ToSettings(int[] imageSizes, ImagePreparationOptions preparation) => new(OutputColumnName,
            InputColumnName ?? OutputColumnName, AverageMirror, imageSizes, preparation, OutputPooling.None);
    }

    /// <summary>Checks the schema of <paramref name="input"/>, and tries the network on an image of each size; no row is read.</summary>
    /// <exception cref="InvalidOperationException">
    /// The network can't take images of such a size, though it says so, or its output is no embedding: after the batch, several axes are
    /// longer than 1, and how they become one is neither clear nor what <see cref="Options.Pooling"/> says. Or the
    /// GPU can't be used any more, and the CPU may not take its place.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not what the network takes.</exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    public ImageEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.CancellationToken.ThrowIfCancellationRequested();
        EmbeddingSettings settings = _options.ToSettings(_imageSizes, Preparation);
        // Nothing of ours makes photographs.
        Lineage lineage = settings.TakesPhotographs
            ? Lineage.Unknown : Lineage.Of(input.Schema, input.Schema.GetColumn("image", settings.InputColumnName));
        // The GPU that could be used then may be full by now.
        OnnxEmbedder embedder = _gpu is null
            ? CreateEmbedder(gpu: null) : Device.Use(_env, _options.GpuDeviceId, _options.FallbackToCpu, CreateEmbedder);
        try
        {
            settings = settings with
            {
                Pooling = embedder.FindPooling(ImageEmbeddingTransformer.SizesOf(settings, embedder.Info, input.Schema),
                    _options.CreateParallelOptions()),
            };
            var transformer = new ImageEmbeddingTransformer(
                _env, settings, _network, _networkHash, embedder, lineage, _options.BatchSize, _options);
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }
        catch
        {
            embedder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or no vector of Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        EmbeddingSettings settings = _options.ToSettings(_imageSizes, Preparation);
        if (settings.TakesPhotographs)
            ImageSource.CheckColumn(inputSchema, settings.InputColumnName);
        else
            CheckPreparedImages(inputSchema.GetColumn("image", settings.InputColumnName));
        return inputSchema.With(MLNetInternals.ShapeColumn(settings.OutputColumnName, SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single, annotations: Fingerprint.Shape));
    }

    private static void CheckPreparedImages(SchemaShape.Column column)
    {
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single)
            throw Errors.ColumnType("image", column.Name, ImageEmbeddingTransformer.InputType(null, null), column.Describe());
    }

    private static NetworkContent Read(Options options, string name)
    {
        if (options.ModelBytes is not { } bytes)
            return NetworkContent.Read(options.ModelFile, name, options.ModelInputName, options.ModelOutputName);
        // A copy would be one more of hundreds of MB.
        bool isArray = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part) && part.Count == part.Array!.Length;
        return NetworkContent.Of(isArray ? part.Array! : bytes.ToArray(), file: null, name, options.ModelInputName,
            options.ModelOutputName);
    }

    private static ImagePreparationOptions Levels(ImagePreparationOptions preparation, string inputName)
    {
        var others = new ImagePreparationOptions();
        float[] mean = [0, 0, 0], std = [1 / 255f, 1 / 255f, 1 / 255f];
        return Has(others.Mean, others.Std) || Has(mean, std)
            ? new ImagePreparationOptions(preparation) { Mean = mean, Std = std }
            : throw Errors.NetworkTakesLevels(inputName, Numbers(preparation.Mean), Numbers(preparation.Std));

        bool Has(IReadOnlyList<float> means, IReadOnlyList<float> stds)
            => preparation.Mean.SequenceEqual(means) && preparation.Std.SequenceEqual(stds);

        static string Numbers(IEnumerable<float> values)
            => string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
    }

    private OnnxEmbedder CreateEmbedder(int? gpu)
        => new(_network, _log, _options.ModelInputName, _options.ModelOutputName, _options.AverageMirror,
            _deviceOf(gpu, _options.BatchSize), _options.Pooling, maxDegreeOfParallelism: _options.MaxDegreeOfParallelism);
}
