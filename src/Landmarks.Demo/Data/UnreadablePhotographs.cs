using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Data;

/// <summary>The photographs that a model could not read, told while it reads.</summary>
internal sealed class UnreadablePhotographs : IProgress<SkippedImage>
{
    private readonly ConcurrentDictionary<long, SkippedImage> _rows = new();

    /// <summary>By row.</summary>
    public IReadOnlyList<SkippedImage> All => [.. _rows.Values.OrderBy(image => image.Row)];

    public bool Contains(long row) => _rows.ContainsKey(row);

    /// <summary>Lets a model skip what it can't read.</summary>
    /// <param name="model">The model.</param>
    /// <param name="maxPixels">The most pixels of a photograph; null: as it is.</param>
    /// <param name="told">Told of each; null: there is a warning of them.</param>
    public static void Skip(ITransformer model, int? maxPixels = null, UnreadablePhotographs? told = null)
    {
        switch (model)
        {
            case ImagePreparingTransformer step:
                (step.BadImages, step.MaxPixels, step.SkippedImages) = (BadImageHandling.Skip, maxPixels ?? step.MaxPixels, told);
                break;
            case ImageEmbeddingTransformer step:
                (step.BadImages, step.MaxPixels, step.SkippedImages) = (BadImageHandling.Skip, maxPixels ?? step.MaxPixels, told);
                break;
            case IEnumerable<ITransformer> chain:
                foreach (ITransformer step in chain)
                    Skip(step, maxPixels, told);
                break;
        }
    }

    // A model of several networks may read a photograph for each.
    void IProgress<SkippedImage>.Report(SkippedImage value) => _rows.TryAdd(value.Row, value);
}
