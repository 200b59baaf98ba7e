using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits models: photographs to pixels to embeddings to landmarks.</summary>
internal sealed class Training
{
    private readonly Session _session;
    private readonly FitSettings _settings;
    private readonly ImageEmbeddingEstimator _network;

    /// <summary>Reads the files and the network, but no photograph: most mistakes are found here.</summary>
    /// <exception cref="WrongArgumentException">The image size is not the network's.</exception>
    /// <exception cref="JobFailedException">There is no landmark or no non-landmark.</exception>
    public Training(Session session, FitSettings settings)
    {
        _session = session;
        _settings = settings;
        _network = Embedding.CreateNetwork(session, settings);
        ImageSize = ChooseImageSize(settings.ImageSize);
        Data = settings.OpenData(session.ML, session.Cancellation);
    }

    /// <summary>What the models are fitted to.</summary>
    public TrainingData Data { get; }

    /// <summary>Side of the images in pixels.</summary>
    public int ImageSize { get; }

    public Embedding CreateEmbedding() => new(_session, _network, ImageSize, _settings.BadImages, Data.Rows);

    /// <summary>Prepares and embeds each photograph once, and keeps the embeddings.</summary>
    public Learning Embed(Embedding embedding, IProgressBoard board)
        => new(_session, _settings, embedding.Keep(Data.Rows, AddPhotographs(board)), Data.Counts, board);

    /// <summary>Fits one method.</summary>
    public (LandmarkModel Model, string? Choice) Fit(Method method) => _session.Follow(board =>
    {
        Embedding embedding = CreateEmbedding();
        // Where one step alone learns, it reads the embeddings as they come, and they need no memory beside its own.
        Learning learning = method.Whitens
            ? Embed(embedding, board)
            : new Learning(_session, _settings, embedding.Transform(Data.Rows, AddPhotographs(board)), Data.Counts, board);
        using CancellationTokenRegistration registration = _session.DisposeWhenCanceled(embedding);
        LearnedMethod learned = learning.Fit(method);
        return (CreateModel(embedding, learned), learned.Choice);
    });

    /// <summary>A model of all steps; they are disposed with it.</summary>
    public static LandmarkModel CreateModel(Embedding embedding, LearnedMethod learned)
        => new("The fitted model", new TransformerChain<ITransformer>([.. embedding.Steps, .. learned.Steps]));

    private IProgress<long> AddPhotographs(IProgressBoard board) => board.Add("Photographs", Data.Counts.All);

    private int ChooseImageSize(int? asked)
    {
        if (asked is { } size && _network.FixedImageSize is { } fixedSize && size != fixedSize)
            throw Errors.ImageSize(size, fixedSize);
        return asked ?? _network.ImageSize ?? ImagePreparingEstimator.Defaults.ImageSize;
    }
}
