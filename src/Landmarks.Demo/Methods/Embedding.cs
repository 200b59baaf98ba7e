using Landmarks.Demo.Caching;
using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>
/// Makes embeddings of photographs: pixels of one size, then the network, whose output is taken as it is, which models have held since
/// before there were several sizes; or the mean of its outputs at several, each scaled to unit length.
/// </summary>
internal sealed class Embedding : IDisposable
{
    public const string Id = "Id", Label = "Label", ImagePath = "ImagePath", Features = "Features";
    private const string Pixels = "Pixels";

    private readonly Session _session;
    private readonly EmbeddingCache? _cache;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">The network, where it works, what becomes of a photograph that can't be read, and the cache.</param>
    /// <param name="network">From <see cref="CreateNetwork"/>.</param>
    /// <param name="imageSizes">Sides of the images in pixels, at least one.</param>
    /// <param name="rows">Rows like those to come. None is read, since there is nothing to learn.</param>
    public Embedding(Session session, FitSettings settings, ImageEmbeddingEstimator network, IReadOnlyList<int> imageSizes, IDataView rows)
        : this(session, imageSizes.Count == 1
            ? [.. Prepare(session, settings.At(network.Preparation, imageSizes[0]), imageSizes[0]).Append(network).Fit(rows)]
            : [Create(session, settings, imageSizes).Fit(rows)], settings.Cache)
    {
    }

    private Embedding(Session session, ITransformer[] steps, CacheSettings? cache)
        => (_session, Steps, _cache) = (session, new TransformerChain<ITransformer>(steps), session.OpenCache(cache));

    /// <summary>How they are made of the network's output.</summary>
    public EmbeddingPooling Pooling => Steps.OfType<ImageEmbeddingTransformer>().Last().Pooling;

    /// <summary>The steps; disposed with this.</summary>
    public TransformerChain<ITransformer> Steps { get; }

    /// <summary>Embeds as a model does: by the steps before the one that names landmarks.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="model">The model, which is there as long as this is; its own steps stay as they are.</param>
    /// <param name="settings">What becomes of a photograph that can't be read, and the cache.</param>
    /// <exception cref="JobFailedException">The model has no step that names landmarks.</exception>
    public static Embedding Of(Session session, LandmarkModel model, AddSettings settings)
        => Of(session, model, settings.BadImages, settings.MaxPixels, settings.Cache);

    /// <summary>Likewise, reading photographs as those are read that a model is fitted to.</summary>
    /// <inheritdoc cref="Of(Session, LandmarkModel, AddSettings)"/>
    public static Embedding Of(Session session, LandmarkModel model, FitSettings settings)
        => Of(session, model, settings.Preparation.BadImages, settings.Preparation.MaxPixels, settings.Cache);

    /// <summary>Loads a network that takes images of any one size, and tells its warnings.</summary>
    public static ImageEmbeddingEstimator CreateNetwork(Session session, FitSettings settings)
    {
        ImageEmbeddingEstimator network = Create(session, settings, imageSizes: null);
        session.Log.WriteWarnings();
        return network;
    }

    /// <summary>Rows with their embeddings, which are computed each time that the rows are read, or found in the cache.</summary>
    /// <param name="rows">Id, Label and ImagePath.</param>
    /// <param name="progress">Told how many photographs are read.</param>
    public IDataView Transform(IDataView rows, IProgress<long> progress)
        => (_cache is null ? null : CachedEmbedding.TryCreate(_cache, [.. Steps], rows.Schema, ImagePath))
            ?.Transform(rows, progress, _session.Log, _session.Cancellation)
            ?? Steps.Transform(new MonitoredDataView(rows, progress, _session.Cancellation));

    /// <summary>Reads rows once, and keeps their ids, labels and embeddings in memory: 4 bytes for each value.</summary>
    /// <inheritdoc cref="Transform"/>
    public IDataView Keep(IDataView rows, IProgress<long> progress)
        => KeptView.Keep(_session.ML, Transform(rows, progress), Id, Label, Features);

    public void Dispose() => Steps.Dispose();

    private static Embedding Of(Session session, LandmarkModel model, BadImageHandling badImages, int? maxPixels, CacheSettings? cache)
    {
        ITransformer[] steps = [.. model.StepsBefore.Select(step => Read(step, badImages, maxPixels))];
        var embedding = new Embedding(session, steps, cache);
        session.EndWhenCanceled(embedding.Steps);
        return embedding;
    }

    // With the network of the model's own step.
    private static ITransformer Read(ITransformer step, BadImageHandling badImages, int? maxPixels)
    {
        switch (step)
        {
            case ImagePreparingTransformer images:
                images = images.WithBadImages(badImages);
                images.MaxPixels = maxPixels ?? images.MaxPixels;
                return images;
            case ImageEmbeddingTransformer network:
                network = network.WithBadImages(badImages);
                network.MaxPixels = maxPixels ?? network.MaxPixels;
                return network;
            default:
                return step;
        }
    }

    private static ImagePreparingEstimator Prepare(Session session, ImagePreparationOptions preparation, int imageSize)
        => session.ML.Transforms.PrepareImages(new ImagePreparingEstimator.Options(preparation)
        {
            OutputColumnName = Pixels,
            InputColumnName = ImagePath,
            ImageSize = imageSize,
            CancellationToken = session.Cancellation,
        });

    private static ImageEmbeddingEstimator Create(Session session, FitSettings settings, IReadOnlyList<int>? imageSizes)
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = Features,
            InputColumnName = imageSizes is null ? Pixels : ImagePath,
            ModelFile = settings.Network,
            ModelBytes = settings.NetworkContent,
            ModelInputName = settings.NetworkInput,
            ModelOutputName = settings.NetworkOutput,
            Pooling = settings.Pooling,
            AverageMirror = settings.AverageMirror,
            ImageSizes = imageSizes,
            Preparation = imageSizes is null ? settings.Preparation : settings.At(settings.Preparation, imageSizes[0]),
            BatchSize = settings.BatchSize,
            GpuDeviceId = settings.Gpu,
            FallbackToCpu = settings.FallbackToCpu,
            CancellationToken = session.Cancellation,
        };
        return imageSizes is null ? session.ML.Transforms.EmbedImages(options) : session.ML.Transforms.EmbedPhotographs(options);
    }
}
