using System.Text.Json.Serialization;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Embeddings;

namespace Microsoft.ML;

/// <summary>A network by which a model embeds photographs.</summary>
public sealed record LandmarkNetworkInfo
{
    /// <summary>The name of its input.</summary>
    public string InputName { get; init; } = "";

    /// <summary>The name of the output that is the embedding.</summary>
    public string OutputName { get; init; } = "";

    /// <summary>How what it makes becomes an embedding.</summary>
    public EmbeddingPooling Pooling { get; init; } = EmbeddingPooling.None;

    /// <summary>How many bytes its ONNX file has.</summary>
    public int Bytes { get; init; }

    /// <summary>The SHA-256 of its ONNX file, in hexadecimal with small letters.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The ONNX file itself, with all weights, as <see cref="ImageEmbeddingEstimator.Options.ModelBytes"/> takes it; no part of
    /// this as JSON.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Width and height in pixels at which photographs are prepared for it, for each size of which the embedding is a mean; none
    /// where a step of another library prepares them.</summary>
    public IReadOnlyList<int> ImageSizes { get; init; } = [];

    /// <summary>Whether mirror images are embedded too.</summary>
    public bool AveragesMirror { get; init; }

    /// <summary>How photographs become its input, apart from their size; null where a step of another library prepares them.</summary>
    public ImagePreparationOptions? Preparation { get; init; }

    /// <param name="step">The step that embeds.</param>
    /// <param name="before">The steps before it, of which one prepares its images unless it does that itself.</param>
    internal static LandmarkNetworkInfo Of(ImageEmbeddingTransformer step, IEnumerable<ITransformer> before)
    {
        EmbeddingSettings settings = step.Settings;
        ImagePreparingTransformer? images = settings.TakesPhotographs ? null : before.OfType<ImagePreparingTransformer>()
            .LastOrDefault(preparing => preparing.OutputColumnName == settings.InputColumnName);
        return new LandmarkNetworkInfo
        {
            InputName = step.Network.InputName,
            OutputName = step.Network.OutputName,
            Pooling = step.Pooling,
            Bytes = step.Content.Length,
            Sha256 = Convert.ToHexStringLower(step.NetworkHash),
            Content = step.Content,
            ImageSizes = images is null ? settings.ImageSizes : [images.ImageSize],
            AveragesMirror = settings.AverageMirror,
            // A copy, without what is told of the step's work.
            Preparation = (settings.TakesPhotographs ? settings.Preparation : images?.Preparation)?.With(),
        };
    }
}
