using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model: photographs to pixels to embeddings to landmarks.</summary>
internal sealed class Training
{
    private readonly Session _session;
    private readonly FitSettings _settings;
    private readonly EstimatorChain<ImageEmbeddingTransformer> _embedding;

    /// <summary>Reads the files and the network, but no photograph: most mistakes are found here.</summary>
    /// <exception cref="WrongArgumentException">The image size is not the network's.</exception>
    /// <exception cref="JobFailedException">There is no landmark or no non-landmark.</exception>
    public Training(Session session, FitSettings settings)
    {
        _session = session;
        _settings = settings;
        ImageEmbeddingEstimator embedding = session.ML.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "Pixels",
            ModelFile = settings.Network,
            GpuDeviceId = settings.Gpu,
            FallbackToCpu = settings.FallbackToCpu,
        });
        session.Log.WriteWarnings();
        ImageSize = ChooseImageSize(embedding, settings.ImageSize);
        _embedding = session.ML.Transforms.PrepareImages("Pixels", "ImagePath", ImageSize, badImages: settings.BadImages).Append(embedding);
        Data = settings.OpenData(session.ML, session.Cancellation);
    }

    /// <summary>What the model is fitted to.</summary>
    public TrainingData Data { get; }

    /// <summary>Side of the images in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Prepares and embeds each photograph once, then computes the penalties.</summary>
    public LandmarkModel Fit() => _session.Follow(board =>
    {
        IProgress<long> photographs = board.Add("Photographs", Data.Counts.All), penalties = board.Add("Penalties", Data.Counts.Landmarks);
        var rows = new MonitoredDataView(Data.Rows, photographs, _session.Cancellation);
        // Nothing to learn, so no row is read here.
        TransformerChain<ImageEmbeddingTransformer> embedding = _embedding.Fit(rows);
        using CancellationTokenRegistration registration = _session.DisposeWhenCanceled(embedding);
        KnnLandmarkTransformer landmarks = _session.ML.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            NumberOfNeighbors = _settings.Neighbors,
            NumberOfTrainingPenaltyNeighbors = _settings.TrainPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors = _settings.QueryPenaltyNeighbors,
            GpuDeviceId = _settings.Gpu,
            FallbackToCpu = _settings.FallbackToCpu,
            CancellationToken = _session.Cancellation,
            Progress = penalties,
        }).Fit(embedding.Transform(rows));
        return new LandmarkModel("The fitted model", new TransformerChain<ITransformer>([.. embedding, landmarks]));
    });

    private static int ChooseImageSize(ImageEmbeddingEstimator network, int? asked)
    {
        if (asked is { } size && network.FixedImageSize is { } fixedSize && size != fixedSize)
            throw Errors.ImageSize(size, fixedSize);
        return asked ?? network.ImageSize ?? ImagePreparingEstimator.Defaults.ImageSize;
    }
}
