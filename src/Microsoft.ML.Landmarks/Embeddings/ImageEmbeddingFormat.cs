using Microsoft.ML.Landmarks.Embeddings.Pooling;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>
/// The layout of a saved <see cref="ImageEmbeddingTransformer"/>: its settings, its network, and what made the prepared images.
/// </summary>
/// <remarks>Format 1 knew no fingerprints of the steps before, and format 2 no other squares of photographs than the middle ones, and no
/// pooling.</remarks>
internal static class ImageEmbeddingFormat
{
    public static readonly ModelFormat Format = new("LMEMBEDS", ImageEmbeddingTransformer.LoaderName, Version: 3, OldestReadable: 1);

    private const string NetworkEntry = "Network.onnx";

    /// <summary>What was saved, with the SHA-256 of the network.</summary>
    public static (EmbeddingSettings Settings, string InputName, string OutputName, byte[] Network, byte[] Hash, Lineage Lineage) Read(
        ModelReader model)
    {
        EmbeddingSettings settings = ReadSettings(model);
        string inputName = model.ReadText("the name of the network's input");
        string outputName = model.ReadText("the name of the network's output");
        int length = model.ReadInt32("the network's length", 1);
        byte[] network = model.ReadEntry<byte>(NetworkEntry, length, out byte[] hash);
        Lineage lineage = model.Version == 1 ? Lineage.Unknown : Lineage.Load(model);
        return (settings, inputName, outputName, network, hash, lineage);
    }

    public static void Write(ModelWriter model, EmbeddingSettings settings, NetworkInfo info, byte[] network, Lineage lineage)
    {
        WriteSettings(model, settings);
        model.Write(info.InputName);
        model.Write(info.OutputName);
        model.Write(network.Length);
        model.WriteEntry<byte>(NetworkEntry, network);
        lineage.Save(model);
    }

    private static EmbeddingSettings ReadSettings(ModelReader model)
    {
        string output = model.ReadColumnName();
        string input = model.ReadColumnName();
        bool averageMirror = model.ReadBoolean();
        var sizes = new int[model.ReadInt32("the number of image sizes", 0, ImageEmbeddingEstimator.Options.MostImageSizes)];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = model.ReadInt32("an image size", 1, ImagePreparingEstimator.Options.LargestImageSize);
        ImagePreparationOptions preparation = ImagePreparingFormat.ReadPreparation(model, knowsFit: model.Version > 2);
        OutputPooling pooling = model.Version > 2 ? ReadPooling(model) : OutputPooling.None;
        return new EmbeddingSettings(output, input, averageMirror, sizes, preparation, pooling);
    }

    private static void WriteSettings(ModelWriter model, EmbeddingSettings settings)
    {
        model.Write(settings.OutputColumnName);
        model.Write(settings.InputColumnName);
        model.Write(settings.AverageMirror);
        model.Write(settings.ImageSizes.Length);
        foreach (int size in settings.ImageSizes)
            model.Write(size);
        ImagePreparingFormat.WritePreparation(model, settings.Preparation);
        WritePooling(model, settings.Pooling);
    }

    private static OutputPooling ReadPooling(ModelReader model)
        => new((EmbeddingPoolingKind)model.ReadInt32("the kind of pooling", 0, (int)EmbeddingPoolingKind.Max),
            model.ReadDouble("the exponent of pooling", double.Epsilon, EmbeddingPooling.LargestExponent),
            model.ReadInt32("the number of prefix tokens", 0, EmbeddingPooling.MostPrefixTokens), model.ReadBoolean());

    private static void WritePooling(ModelWriter model, OutputPooling pooling)
    {
        model.Write((int)pooling.Kind);
        model.Write(pooling.Exponent);
        model.Write(pooling.PrefixTokens);
        model.Write(pooling.IsChannelsLast);
    }
}
