using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of the commands that learn from reference photographs or look at them: which, and by what network.</summary>
internal sealed class TrainingOptions
{
    // In the place of a file: the non-landmarks that come with the program.
    private const string OfSample = "sample";

    /// <summary>The network.</summary>
    public Option<string> Network { get; } = CommandOptions.Text("--network", "ONNX",
        "The network that makes embeddings of photographs. [default: EfficientNet-Lite0, which comes with the program]");

    private readonly Option<string> _networkInput = CommandOptions.Text(
        "--network-input", "NAME", "The network's input that takes the images, where it has several.");
    private readonly Option<string> _networkOutput = CommandOptions.Text(
        "--network-output", "NAME", "The network's output that is the embedding, where it has several.");
    private readonly PoolingOptions _pooling = new();
    private readonly PreparationOptions _preparation = new();
    private readonly Option<bool> _averageMirror = new("--average-mirror")
    {
        Description = "Take the mean of the embeddings of each image and of its mirror image.",
    };
    private readonly Option<int?> _batchSize = CommandOptions.Number(
        "--batch-size", $"Photographs that are embedded at once. [default: {ImageEmbeddingEstimator.Defaults.BatchSize}]");
    private readonly Option<int?> _maxMegapixels =
        CommandOptions.MaxMegapixels($"{ImagePreparingEstimator.Defaults.MaxPixels / 1_000_000}");
    private readonly Option<int?> _gpu = CommandOptions.Gpu();
    private readonly Option<bool> _fallbackToCpu = CommandOptions.FallbackToCpu();

    public Option<string> Train { get; } =
        CommandOptions.Text("--train", "CSV", "Reference photographs: id,landmark_id or landmark_id,images.");

    public Option<string> NonLandmarks { get; } = CommandOptions.Text("--non-landmarks", $"CSV|{OfSample}",
        "Photographs that show no landmark: the rows of id,landmark_id that are labeled -1, or of id,landmarks that name none; or "
        + $"{OfSample}, those that come with the program.");

    public Option<string> Images { get; } =
        CommandOptions.Text("--images", "DIR", "The folder of all photographs; that of id abc… is DIR/a/b/c/abc….jpg.");

    public Option<string> TrainImages { get; } = CommandOptions.Text("--train-images", "DIR", "The folder of the photographs in --train.");

    public Option<string> NonLandmarkImages { get; } =
        CommandOptions.Text("--non-landmark-images", "DIR", "The folder of the photographs in --non-landmarks.");

    public Option<string> TrainFolders { get; } = CommandOptions.Text("--train-folders", "DIR",
        "In place of the CSV files: a folder with a folder of photographs for each landmark, which may hold others.");

    public Option<string> NonLandmarkFolder { get; } = CommandOptions.Text("--non-landmark-folder", "NAME",
        "The one in --train-folders whose photographs show no landmark.");

    public Option<int?> PerLandmark { get; } =
        CommandOptions.Number("--per-landmark", "Take the first N photographs of each landmark. [default: all]");

    /// <summary>What becomes of photographs that can't be read.</summary>
    public Option<BadImageHandling?> OnBadImage { get; } = CommandOptions.OnBadImage();

    /// <summary>Adds what says which photographs there are.</summary>
    public void AddDataTo(Command command)
        => Add(command, Train, NonLandmarks, Images, TrainImages, NonLandmarkImages, TrainFolders, NonLandmarkFolder, PerLandmark);

    /// <summary>Adds the network, what it is given, and where it works.</summary>
    public void AddNetworkTo(Command command)
    {
        Add(command, Network, _averageMirror, _batchSize, _maxMegapixels);
        AddUseOfNetworkTo(command);
    }

    /// <summary>Adds what a network is given, what is made of its output, and where it works.</summary>
    public void AddUseOfNetworkTo(Command command)
    {
        Add(command, [_networkInput, _networkOutput, .. _pooling.All, .. _preparation.All, _gpu, _fallbackToCpu]);
        command.AddCheck(result =>
        {
            if ((_pooling.FindMistake(result) ?? _preparation.FindMistake(result)) is { } mistake)
                result.AddError(mistake);
        });
    }

    /// <summary>Adds how a model is fitted to its embeddings.</summary>
    public void AddFitTo(Command command) => Add(command, [.. Learning.All, OnBadImage]);

    /// <summary>Adds all that says what photographs come to a model, and how they are read and embedded.</summary>
    /// <param name="command">The command.</param>
    /// <param name="maxMegapixels">Its option of that name.</param>
    public void AddAddedTo(Command command, Option<int?> maxMegapixels)
    {
        AddDataTo(command);
        Add(command, OnBadImage, _gpu, _fallbackToCpu, maxMegapixels);
        Cache.AddTo(command);
        command.AddCheck(result =>
        {
            if (FindMistake(result, needsNonLandmarks: false, needsLandmarks: false) is { } mistake)
                result.AddError(mistake);
        });
    }

    /// <summary>How a model learns from the embeddings.</summary>
    public LearningOptions Learning { get; } = new();

    /// <summary>Where embeddings are kept from one run to the next.</summary>
    public CacheOptions Cache { get; } = new();

    /// <summary>Checks whether the network or the sizes of images are said twice.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="like">The model whose network is taken.</param>
    /// <param name="best">Whether sizes are chosen.</param>
    /// <param name="imageSizes">The sizes.</param>
    /// <returns>The first mistake; null for none.</returns>
    public string? FindMistakeOfNetwork(CommandResult result, Option like, Option best, Option imageSizes)
        => result.IsGiven(best) && result.IsGiven(imageSizes) ? Errors.BestImageSizes
            : result.IsGiven(like) && result.IsGiven(Network) ? Errors.NetworkOfModel(like.Name) : null;

    /// <summary>Checks how the options that say which photographs there are go together, and those of the cache.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="queryImages">The folder of the photographs of queries in a CSV file; null where there are none.</param>
    /// <param name="hasQueryFolders">Whether queries lie in folders, one of which <see cref="NonLandmarkFolder"/> may name too.</param>
    /// <param name="needsNonLandmarks">Whether there must be photographs of no landmark.</param>
    /// <param name="needsLandmarks">Whether there must be photographs of landmarks; where none of both need be, there is one.</param>
    /// <returns>The first mistake; null for none.</returns>
    public string? FindMistake(CommandResult result, Option? queryImages = null, bool hasQueryFolders = false,
        bool needsNonLandmarks = true, bool needsLandmarks = true)
    {
        bool isSample = IsSample(result.GetValue(NonLandmarks)), namesFolder = result.IsGiven(NonLandmarkFolder) && !hasQueryFolders,
            folders = result.IsGiven(TrainFolders) || namesFolder;
        Option[] ofFiles = [Train, TrainImages, NonLandmarkImages, PerLandmark, .. isSample ? [] : new[] { NonLandmarks },
            .. queryImages is null ? new[] { Images } : []];
        if (folders && ofFiles.Any(result.IsGiven))
            return Errors.FoldersAndCsvFiles;
        if (isSample && (namesFolder || result.IsGiven(NonLandmarkImages)))
            return Errors.SampleAndOthers;
        bool hasNonLandmarks = isSample || result.IsGiven(folders ? NonLandmarkFolder : NonLandmarks),
            hasLandmarks = result.IsGiven(folders ? TrainFolders : Train);
        if (!hasLandmarks && (needsLandmarks || folders || !hasNonLandmarks))
            return needsNonLandmarks ? Errors.TrainingData : needsLandmarks ? Errors.ReferencePhotographs : Errors.PhotographsToAdd;
        if (needsNonLandmarks && !hasNonLandmarks)
            return Errors.TrainingData;
        if (!hasLandmarks && ((Option[])[TrainImages, PerLandmark]).FirstOrDefault(result.IsGiven) is { } ofTrain)
            return Errors.OnlyWithTrain(ofTrain.Name);
        if (!hasNonLandmarks && result.IsGiven(NonLandmarkImages))
            return Errors.NonLandmarkImagesAlone;
        Option[] imageFolders = [.. folders || !hasLandmarks ? [] : new[] { TrainImages },
            .. folders || isSample || !hasNonLandmarks ? [] : new[] { NonLandmarkImages },
            .. queryImages is null ? [] : new[] { queryImages }];
        string[] names = [.. imageFolders.Select(option => option.Name)];
        if (result.IsGiven(Images) && imageFolders.Any(result.IsGiven))
            return Errors.ImagesTwice(names);
        return result.IsGiven(Images) || imageFolders.All(result.IsGiven) ? Cache.FindMistake(result) : Errors.ImageFolders(names);
    }

    /// <summary>What is to be added to a model.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="model">The model's file.</param>
    public AddSettings ReadAdded(ParseResult parsed, string model) => new()
    {
        Model = model,
        OpenData = (ml, cancellation) => Open(ml, parsed, cancellation, needsBoth: false),
        InputFiles = ListFiles(parsed),
        BadImages = parsed.GetValue(OnBadImage) ?? BadImageHandling.Throw,
        Gpu = parsed.GetValue(_gpu),
        FallbackToCpu = parsed.GetValue(_fallbackToCpu),
        Cache = Cache.Read(parsed),
    };

    /// <param name="parsed">The arguments.</param>
    /// <param name="imageSizes">Sides of the images in pixels; none: what suits the network.</param>
    /// <param name="like">A model whose settings are taken where the arguments have none; null for none.</param>
    /// <param name="network">The network's file, where no option names it.</param>
    public FitSettings Read(ParseResult parsed, IReadOnlyList<int> imageSizes, LikeModel? like = null, string? network = null)
    {
        network ??= parsed.GetValue(Network);
        var settings = new FitSettings
        {
            OpenData = (ml, cancellation) => Open(ml, parsed, cancellation),
            Network = network ?? Sample.Network,
            BatchSize = parsed.GetValue(_batchSize) ?? ImageEmbeddingEstimator.Defaults.BatchSize,
            Gpu = parsed.GetValue(_gpu),
            FallbackToCpu = parsed.GetValue(_fallbackToCpu),
            Cache = Cache.Read(parsed),
        };
        settings = like?.Over(settings) ?? settings;
        // Of the network that ships it is known how it wants photographs.
        Preprocessor? preprocessor = _preparation.ReadPreprocessor(parsed, network, hasImageSize: imageSizes.Count > 0);
        int? preparedSize = preprocessor?.Preparation.ImageSize ?? (settings.ImageSizes.Count > 0 ? settings.ImageSizes[0] : null);
        return settings with
        {
            InputFiles = settings.NetworkContent is null ? [settings.Network, .. ListFiles(parsed)] : ListFiles(parsed),
            NetworkInput = parsed.GetValue(_networkInput) ?? settings.NetworkInput,
            NetworkOutput = parsed.GetValue(_networkOutput) ?? settings.NetworkOutput,
            Pooling = _pooling.Read(parsed) ?? settings.Pooling,
            AverageMirror = parsed.CommandResult.IsGiven(_averageMirror) ? parsed.GetValue(_averageMirror) : settings.AverageMirror,
            ImageSizes = imageSizes.Count > 0 ? imageSizes : preprocessor is null ? settings.ImageSizes : [],
            Preprocessor = preprocessor,
            PreparedSize = _preparation.SaysShorterSide(parsed) ? null : preparedSize,
            Learning = Learning.Read(parsed, settings.Learning),
            Preparation = new ImagePreparationOptions(_preparation.Read(
                parsed, preprocessor?.Over(settings.Preparation) ?? settings.Preparation))
            {
                BadImages = parsed.GetValue(OnBadImage) ?? settings.Preparation.BadImages,
                MaxPixels = parsed.GetMaxPixels(_maxMegapixels) ?? settings.Preparation.MaxPixels,
            },
        };
    }

    private string[] ListFiles(ParseResult parsed)
    {
        string? nonLandmarks = parsed.GetValue(NonLandmarks);
        return [.. new[] { parsed.GetValue(Train), IsSample(nonLandmarks) ? Sample.NonLandmarks.CsvFile : nonLandmarks }.OfType<string>()];
    }

    private static bool IsSample(string? nonLandmarks) => nonLandmarks == OfSample;

    private TrainingData Open(MLContext ml, ParseResult parsed, CancellationToken cancellation, bool needsBoth = true)
    {
        bool isSample = IsSample(parsed.GetValue(NonLandmarks));
        if (parsed.GetValue(TrainFolders) is { } folder)
            return isSample ? TrainingData.OfFoldersAndSample(ml, folder, parsed.GetValue(NonLandmarkFolder), cancellation)
                : TrainingData.OfFolders(ml, folder, parsed.GetValue(NonLandmarkFolder), cancellation, needsBoth);
        LandmarkSource? train = SourceOf(Train, TrainImages), nonLandmarks = isSample ? null : SourceOf(NonLandmarks, NonLandmarkImages);
        if (train is null)
            return isSample ? TrainingData.OfSample(ml, cancellation) : TrainingData.OfNonLandmarks(ml, nonLandmarks!, cancellation);
        train = new LandmarkSource(train) { PhotosPerLandmark = parsed.GetValue(PerLandmark) };
        return isSample ? TrainingData.OfCsvFileAndSample(ml, train, cancellation)
            : nonLandmarks is null ? TrainingData.OfCsvFile(ml, train, cancellation)
            : TrainingData.OfCsvFiles(ml, train, nonLandmarks, cancellation);

        LandmarkSource? SourceOf(Option<string> file, Option<string> images) => parsed.GetValue(file) is { } csv
            ? new LandmarkSource(csv, parsed.GetValue(Images) ?? parsed.GetRequiredValue(images)) : null;
    }

    private static void Add(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
            command.Add(option);
    }
}
