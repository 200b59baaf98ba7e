using Microsoft.ML.Landmarks.Embeddings.Pooling;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>What of an embedding step's settings is part of the model, apart from the network.</summary>
/// <param name="OutputColumnName">The column that is added.</param>
/// <param name="InputColumnName">The column with prepared images, or with photographs.</param>
/// <param name="AverageMirror">Whether mirror images are embedded too.</param>
/// <param name="ImageSizes">The sizes at which photographs are prepared; none where the images are prepared already.</param>
/// <param name="Preparation">How photographs are prepared.</param>
/// <param name="Pooling">How what the network makes becomes an embedding.</param>
internal sealed record EmbeddingSettings(string OutputColumnName, string InputColumnName, bool AverageMirror, int[] ImageSizes,
    ImagePreparationOptions Preparation, OutputPooling Pooling)
{
    /// <summary>Whether the input holds photographs that are prepared here.</summary>
    public bool TakesPhotographs => ImageSizes.Length > 0;

    /// <summary>What embeddings depend on.</summary>
    public void WriteTo(BinaryWriter fingerprint)
    {
        fingerprint.Write(AverageMirror);
        fingerprint.Write(ImageSizes.Length);
        foreach (int size in ImageSizes)
            fingerprint.Write(size);
        if (TakesPhotographs)
            Preparation.WriteTo(fingerprint);
        Pooling.WriteTo(fingerprint);
    }

    /// <exception cref="ArgumentException">There is none or too many, or one is out of range.</exception>
    public static IReadOnlyList<int>? CheckSizes(IReadOnlyList<int>? sizes, string name)
    {
        if (sizes is null)
            return null;
        if (sizes.Count is 0 or > ImageEmbeddingEstimator.Options.MostImageSizes)
            throw Errors.Option(name, $"a list of {sizes.Count}",
                $"null, or a list of 1 to {ImageEmbeddingEstimator.Options.MostImageSizes} sizes");
        return [.. sizes.Select(size => ImagePreparingEstimator.Options.CheckImageSize(size, name))];
    }
}
