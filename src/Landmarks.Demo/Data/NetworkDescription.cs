using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>What was found of a network.</summary>
internal sealed record NetworkDescription
{
    public required IReadOnlyList<NetworkTensor> Inputs { get; init; }

    public required IReadOnlyList<NetworkTensor> Outputs { get; init; }

    /// <summary>Inputs and outputs of the file that are not needed.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>The name of the input that takes the images.</summary>
    public required string Input { get; init; }

    /// <summary>The name of the output that is the embedding, or becomes one.</summary>
    public required string Output { get; init; }

    /// <summary>Side in pixels of the images that the network takes; null where it takes any.</summary>
    public required int? FixedImageSize { get; init; }

    /// <summary>Side in pixels of the image that it was tried on.</summary>
    public required int ImageSize { get; init; }

    /// <summary>How photographs become its input.</summary>
    public required ImagePreparationOptions Preparation { get; init; }

    /// <summary>Why it can't be used as it was asked for; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>How its output becomes an embedding; null where that is not clear.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>Values of an embedding; null where there is none.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>What it takes of a model, with all weights.</summary>
    public required int Bytes { get; init; }

    /// <summary>How long it takes for an image of many, without decoding and preparing; null where it can't be tried.</summary>
    public double? MillisecondsPerImage { get; init; }

    /// <summary>The GPU that it works on; null for the CPU.</summary>
    public int? Gpu { get; init; }
}
