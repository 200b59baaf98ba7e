using System.CommandLine;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of all commands that fit: what to, and how.</summary>
/// <param name="requiresCsvFiles">Whether there is no other form of training data.</param>
internal sealed class TrainingOptions(bool requiresCsvFiles)
{
    // As many as a model tells with an answer.
    private const int MostNeighbors = 1 << 24;

    private readonly Option<int?> _neighbors = CommandOptions.Number(
        "--neighbors", $"Neighbors that vote. [default: {KnnLandmarkEstimator.Defaults.NumberOfNeighbors}]", maximum: MostNeighbors);
    private readonly Option<int?> _trainPenalty = CommandOptions.Number("--train-penalty-neighbors",
        $"Non-landmarks that make the penalty of a reference photograph. [default: "
        + $"{KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors}]");
    private readonly Option<int?> _queryPenalty = CommandOptions.Number("--query-penalty-neighbors",
        $"Non-landmarks that make the penalty of a query. [default: {KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors}]");
    private readonly Option<string> _network =
        CommandOptions.Text("--network", "ONNX", "The network that makes embeddings of photographs.", required: true);
    private readonly Option<string> _networkInput = CommandOptions.Text(
        "--network-input", "NAME", "The network's input that takes the images, where it has several.");
    private readonly Option<string> _networkOutput = CommandOptions.Text(
        "--network-output", "NAME", "The network's output that is the embedding, where it has several.");
    private readonly Option<float[]> _mean = CommandOptions.Channels(
        "--mean", "What is subtracted from the levels, which go from 0 to 1. [default: ImageNet's]", float.IsFinite, Errors.RangeOfMean);
    private readonly Option<float[]> _std = CommandOptions.Channels(
        "--std", "What they are divided by then. [default: ImageNet's]", value => float.IsFinite(value) && value > 0, Errors.RangeOfStd);
    private readonly Option<bool> _averageMirror = new("--average-mirror")
    {
        Description = "Take the mean of the embeddings of each image and of its mirror image.",
    };
    private readonly Option<int?> _batchSize = CommandOptions.Number(
        "--batch-size", $"Photographs that are embedded at once. [default: {ImageEmbeddingEstimator.Defaults.BatchSize}]");
    private readonly Option<BadImageHandling?> _onBadImage = CommandOptions.OnBadImage();
    private readonly Option<int?> _maxMegapixels =
        CommandOptions.MaxMegapixels($"{ImagePreparingEstimator.Defaults.MaxPixels / 1_000_000}");
    private readonly Option<int?> _gpu =
        CommandOptions.Number("--gpu", "The GPU to work on, by CUDA's number. [default: the CPU]", minimum: 0);
    private readonly Option<bool> _fallbackToCpu = new("--fallback-to-cpu") { Description = "Take the CPU where the GPU can't be used." };

    public Option<string> Train { get; } =
        CommandOptions.Text("--train", "CSV", "Reference photographs: id,landmark_id or landmark_id,images.", requiresCsvFiles);

    public Option<string> NonLandmarks { get; } = CommandOptions.Text("--non-landmarks", "CSV",
        "Photographs that show no landmark: the rows of id,landmark_id that are labelled -1, or of id,landmarks that name none.",
        requiresCsvFiles);

    public Option<string> Images { get; } =
        CommandOptions.Text("--images", "DIR", "The folder of all photographs; that of id abc… is DIR/a/b/c/abc….jpg.");

    public Option<string> TrainImages { get; } = CommandOptions.Text("--train-images", "DIR", "The folder of the photographs in --train.");

    public Option<string> NonLandmarkImages { get; } =
        CommandOptions.Text("--non-landmark-images", "DIR", "The folder of the photographs in --non-landmarks.");

    public Option<int?> PerLandmark { get; } =
        CommandOptions.Number("--per-landmark", "Take the first N photographs of each landmark. [default: all]");

    /// <summary>Adds what says which photographs there are.</summary>
    public void AddDataTo(Command command) => Add(command, Train, NonLandmarks, Images, TrainImages, NonLandmarkImages);

    /// <summary>Adds the network and what is done with it.</summary>
    public void AddNetworkTo(Command command)
        => Add(command, _network, _networkInput, _networkOutput, _mean, _std, _averageMirror, _batchSize, PerLandmark, _neighbors,
        _trainPenalty, _queryPenalty,
        _onBadImage, _maxMegapixels, _gpu, _fallbackToCpu);

    /// <param name="parsed">The arguments.</param>
    /// <param name="imageSizes">Sides of the images in pixels; none: what suits the network.</param>
    public FitSettings Read(ParseResult parsed, IReadOnlyList<int> imageSizes) => new()
    {
        OpenData = (ml, cancellation) => OpenCsvFiles(ml, parsed, cancellation),
        InputFiles = [.. new[] { _network, Train, NonLandmarks }.Select(parsed.GetValue).OfType<string>()],
        Network = parsed.GetRequiredValue(_network),
        NetworkInput = parsed.GetValue(_networkInput),
        NetworkOutput = parsed.GetValue(_networkOutput),
        AverageMirror = parsed.GetValue(_averageMirror),
        BatchSize = parsed.GetValue(_batchSize) ?? ImageEmbeddingEstimator.Defaults.BatchSize,
        ImageSizes = imageSizes,
        Neighbors = parsed.GetValue(_neighbors) ?? KnnLandmarkEstimator.Defaults.NumberOfNeighbors,
        TrainPenaltyNeighbors = parsed.GetValue(_trainPenalty) ?? KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors,
        QueryPenaltyNeighbors = parsed.GetValue(_queryPenalty) ?? KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors,
        Preparation = ReadPreparation(parsed),
        Gpu = parsed.GetValue(_gpu),
        FallbackToCpu = parsed.GetValue(_fallbackToCpu),
    };

    private ImagePreparationOptions ReadPreparation(ParseResult parsed)
    {
        var defaults = new ImagePreparationOptions();
        return new ImagePreparationOptions
        {
            BadImages = parsed.GetValue(_onBadImage) ?? defaults.BadImages,
            Mean = parsed.GetValue(_mean) is { Length: > 0 } mean ? mean : defaults.Mean,
            Std = parsed.GetValue(_std) is { Length: > 0 } std ? std : defaults.Std,
            MaxPixels = parsed.GetMaxPixels(_maxMegapixels) ?? defaults.MaxPixels,
        };
    }

    private TrainingData OpenCsvFiles(MLContext ml, ParseResult parsed, CancellationToken cancellation)
    {
        var train = new LandmarkSource(parsed.GetRequiredValue(Train), parsed.GetValue(Images)
            ?? parsed.GetRequiredValue(TrainImages))
        { PhotosPerLandmark = parsed.GetValue(PerLandmark) };
        var nonLandmarks = new LandmarkSource(parsed.GetRequiredValue(NonLandmarks), parsed.GetValue(Images)
            ?? parsed.GetRequiredValue(NonLandmarkImages));
        return TrainingData.OfCsvFiles(ml, train, nonLandmarks, cancellation);
    }

    private static void Add(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
            command.Add(option);
    }
}
