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

    /// <param name="session">The job's session.</param>
    /// <param name="settings">The network, where it works, and what becomes of a photograph that can't be read.</param>
    /// <param name="network">From <see cref="CreateNetwork"/>.</param>
    /// <param name="imageSizes">Sides of the images in pixels, at least one.</param>
    /// <param name="rows">Rows like those to come. None is read, since there is nothing to learn.</param>
    public Embedding(Session session, FitSettings settings, ImageEmbeddingEstimator network, IReadOnlyList<int> imageSizes, IDataView rows)
    {
        _session = session;
        Steps = imageSizes.Count == 1
            ? Prepare(session, settings.Preparation, imageSizes[0]).Append(network).Fit(rows)
            : new TransformerChain<ImageEmbeddingTransformer>(Create(session, settings, imageSizes).Fit(rows));
        Dimension = ((VectorDataViewType)Steps.GetOutputSchema(rows.Schema)[Features].Type).Size;
    }

    /// <summary>The steps; disposed with this.</summary>
    public TransformerChain<ImageEmbeddingTransformer> Steps { get; }

    /// <summary>How many values an embedding has.</summary>
    public int Dimension { get; }

    /// <summary>Loads a network that takes images of any one size, and tells its warnings.</summary>
    public static ImageEmbeddingEstimator CreateNetwork(Session session, FitSettings settings)
    {
        ImageEmbeddingEstimator network = Create(session, settings, imageSizes: null);
        session.Log.WriteWarnings();
        return network;
    }

    /// <summary>Rows with their embeddings, which are computed each time that the rows are read.</summary>
    /// <param name="rows">Id, Label and ImagePath.</param>
    /// <param name="progress">Told how many photographs are read.</param>
    public IDataView Transform(IDataView rows, IProgress<long> progress)
        => Steps.Transform(new MonitoredDataView(rows, progress, _session.Cancellation));

    /// <summary>Reads rows once, and keeps their ids, labels and embeddings in memory: 4 bytes for each value.</summary>
    /// <inheritdoc cref="Transform"/>
    public IDataView Keep(IDataView rows, IProgress<long> progress)
        => KeptView.Keep(_session.ML, Transform(rows, progress), Id, Label, Features);

    public void Dispose() => Steps.Dispose();

    private static ImagePreparingEstimator Prepare(Session session, ImagePreparationOptions preparation, int imageSize)
        => session.ML.Transforms.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = Pixels,
            InputColumnName = ImagePath,
            ImageSize = imageSize,
            BadImages = preparation.BadImages,
            Mean = preparation.Mean,
            Std = preparation.Std,
            MaxPixels = preparation.MaxPixels,
            CancellationToken = session.Cancellation,
        });

    private static ImageEmbeddingEstimator Create(Session session, FitSettings settings, IReadOnlyList<int>? imageSizes)
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = Features,
            InputColumnName = imageSizes is null ? Pixels : ImagePath,
            ModelFile = settings.Network,
            ModelInputName = settings.NetworkInput,
            ModelOutputName = settings.NetworkOutput,
            AverageMirror = settings.AverageMirror,
            ImageSizes = imageSizes,
            Preparation = settings.Preparation,
            BatchSize = settings.BatchSize,
            GpuDeviceId = settings.Gpu,
            FallbackToCpu = settings.FallbackToCpu,
            CancellationToken = session.Cancellation,
        };
        return imageSizes is null ? session.ML.Transforms.EmbedImages(options) : session.ML.Transforms.EmbedPhotographs(options);
    }
}
