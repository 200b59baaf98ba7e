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
    private readonly IDataView _rows;
    private readonly EstimatorChain<ImageEmbeddingTransformer> _embedding;

    /// <summary>Reads the files and the network, but no photograph: most mistakes are found here.</summary>
    /// <exception cref="WrongArgumentException">The image size is not the network's.</exception>
    /// <exception cref="JobFailedException">There is no landmark or no non-landmark.</exception>
    public Training(Session session, FitSettings settings)
    {
        _session = session;
        _settings = settings;
        RequireFolder(settings.Train.ImageFolder);
        RequireFolder(settings.NonLandmarks.ImageFolder);
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

        RowCounts train = RowCounts.Of(session.ML, settings.Train, session.Cancellation);
        RowCounts others = RowCounts.Of(session.ML, new LandmarkSource(settings.NonLandmarks.CsvFile, settings.NonLandmarks.ImageFolder), session.Cancellation);
        if (train.Landmarks == 0)
            throw Errors.NoLandmarkRows(settings.Train.CsvFile);
        if (train.NonLandmarks + others.NonLandmarks == 0)
            throw Errors.NoNonLandmarkRows(settings.NonLandmarks.CsvFile);
        LandmarkCount = train.Landmarks;
        NonLandmarkCount = train.NonLandmarks + others.NonLandmarks;
        LeftOutCount = others.Landmarks;
        _rows = session.ML.Data.LoadLandmarks(settings.Train, settings.NonLandmarks);
    }

    /// <summary>Side of the images in pixels.</summary>
    public int ImageSize { get; }

    public long LandmarkCount { get; }

    public long NonLandmarkCount { get; }

    /// <summary>Rows of the non-landmarks' file that name a landmark.</summary>
    public long LeftOutCount { get; }

    public long RowCount => LandmarkCount + NonLandmarkCount;

    /// <summary>The schema of the rows that a model is fitted to.</summary>
    public DataViewSchema Schema => _rows.Schema;

    /// <summary>Prepares and embeds each photograph once, then computes the penalties.</summary>
    public LandmarkModel Fit() => _session.Follow(board =>
    {
        IProgress<long> photographs = board.Add("Photographs", RowCount), penalties = board.Add("Penalties", LandmarkCount);
        var rows = new MonitoredDataView(_rows, photographs, _session.Cancellation);
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

    private static void RequireFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
    }
}
