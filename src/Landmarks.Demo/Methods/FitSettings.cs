using Landmarks.Demo.Caching;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>What a model is fitted to, and how.</summary>
internal sealed record FitSettings
{
    /// <summary>How photographs become the network's input, where nothing else is said.</summary>
    public static ImagePreparationOptions PresetPreparation { get; } = new() { DecodeScaling = DecodeScaling.Fast };

    /// <summary>Reads which photographs there are.</summary>
    public required Func<MLContext, CancellationToken, TrainingData> OpenData { get; init; }

    /// <summary>The files that are read, but for photographs.</summary>
    public IReadOnlyList<string> InputFiles { get; init; } = [];

    /// <summary>The ONNX file, or what messages call the network in <see cref="NetworkContent"/>.</summary>
    public required string Network { get; init; }

    /// <summary>The bytes of the network, where they are at hand; null: the file is read.</summary>
    public ReadOnlyMemory<byte>? NetworkContent { get; init; }

    /// <summary>Sides of the images in pixels; none: what suits the network. A model is fitted to the mean of the embeddings at all of
    /// them.</summary>
    public IReadOnlyList<int> ImageSizes { get; init; } = [];

    /// <summary>How the model learns from the embeddings.</summary>
    public LearningSettings Learning { get; init; } = new();

    /// <summary>Whether the model is to answer better at the price of time, by several image sizes.</summary>
    public bool IsBest { get; init; }

    /// <summary>The same with several image sizes, and with photographs of a landmark that learn from each other.</summary>
    public FitSettings AsBest() => this with
    {
        IsBest = true,
        ImageSizes = [],
        Learning = Learning with { Smoothing = LearningSettings.BestSmoothing },
    };

    /// <summary>The share of the photographs that the model is not fitted to but measured by; null: it is not measured.</summary>
    public double? HeldOutShare { get; init; }

    /// <summary>The network's input that takes the images; null where it has one.</summary>
    public string? NetworkInput { get; init; }

    /// <summary>The network's output that is the embedding; null where it has one.</summary>
    public string? NetworkOutput { get; init; }

    /// <summary>How the network's output becomes an embedding; null: as is clear.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>Whether mirror images are embedded too.</summary>
    public bool AverageMirror { get; init; }

    /// <summary>Photographs that are embedded at once.</summary>
    public int BatchSize { get; init; } = ImageEmbeddingEstimator.Defaults.BatchSize;

    /// <summary>How photographs become the network's input.</summary>
    public ImagePreparationOptions Preparation { get; init; } = PresetPreparation;

    /// <summary>The size of images to which the shorter side in <see cref="Preparation"/> belongs; null for the first one.</summary>
    public int? PreparedSize { get; init; }

    /// <summary>A preparation as it is where the first size of images is another than <see cref="PreparedSize"/>.</summary>
    public ImagePreparationOptions At(ImagePreparationOptions preparation, int firstSize)
        => new ImagePreparation(PreparedSize ?? firstSize, preparation).At(firstSize).Options;

    /// <summary>The file that says so; null for none.</summary>
    public Preprocessor? Preprocessor { get; init; }

    /// <summary>Where embeddings are kept from one run to the next; null for nowhere.</summary>
    public CacheSettings? Cache { get; init; }

    public int? Gpu { get; init; }

    public bool FallbackToCpu { get; init; }
}
