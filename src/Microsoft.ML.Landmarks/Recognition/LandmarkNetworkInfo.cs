using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>A network by which a model embeds photographs.</summary>
public sealed record LandmarkNetworkInfo
{
    /// <summary>The name of its input.</summary>
    public string InputName { get; init; } = "";

    /// <summary>The name of the output that is the embedding.</summary>
    public string OutputName { get; init; } = "";

    /// <summary>How many bytes its ONNX file has.</summary>
    public int Bytes { get; init; }

    /// <summary>The SHA-256 of its ONNX file, in hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Width and height in pixels at which photographs are prepared for it, for each size of which the embedding is a mean; none
    /// where a step of another library prepares them.</summary>
    public IReadOnlyList<int> ImageSizes { get; init; } = [];

    /// <summary>Whether mirror images are embedded too.</summary>
    public bool AveragesMirror { get; init; }

    /// <param name="step">The step that embeds.</param>
    /// <param name="before">The steps before it, of which one prepares its images unless it does that itself.</param>
    internal static LandmarkNetworkInfo Of(ImageEmbeddingTransformer step, IEnumerable<ITransformer> before) => new()
    {
        InputName = step.Network.InputName,
        OutputName = step.Network.OutputName,
        Bytes = step.NetworkLength,
        Sha256 = Convert.ToHexString(step.NetworkHash),
        ImageSizes = step.Settings.TakesPhotographs ? step.Settings.ImageSizes : [.. before.OfType<ImagePreparingTransformer>()
            .Where(preparing => preparing.OutputColumnName == step.Settings.InputColumnName).TakeLast(1)
            .Select(preparing => preparing.ImageSize)],
        AveragesMirror = step.Settings.AverageMirror,
    };
}
