namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>
/// The bytes of a network as a model holds them: all weights within, also those that its file leaves to others, and no part that needs
/// anything but images. Of a network that is so already they are those of its file.
/// </summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="LeftOut">Inputs and outputs of the file that are left out.</param>
internal sealed record NetworkContent(byte[] Bytes, string[] LeftOut)
{
    // The most that an array holds; ONNX's own format, protobuf, ends at 2^31 - 1.
    private const int MostBytes = 0x7FFFFFC7;

    /// <summary>Reads a network's file, and those with its weights, each byte of which is held once.</summary>
    /// <inheritdoc cref="Of"/>
    /// <exception cref="FileNotFoundException">One of the files is missing.</exception>
    /// <exception cref="IOException">One of them can't be read.</exception>
    public static NetworkContent Read(string file, string network, string? inputName, string? outputName)
    {
        if (!File.Exists(file))
            throw Errors.NetworkMissing(file);
        byte[] bytes;
        try
        {
            if (new FileInfo(file).Length is var length and > MostBytes)
                throw Errors.NetworkUnusable(network, Errors.NetworkTooLarge(length, MostBytes));
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.NetworkUnreadable(file, e);
        }

        return Of(bytes, file, network, inputName, outputName);
    }

    /// <param name="bytes">Those of the network's file.</param>
    /// <param name="file">The file; null where its bytes alone are at hand.</param>
    /// <param name="network">What messages call the network.</param>
    /// <param name="inputName">The input that takes the images; null where it is to be found.</param>
    /// <param name="outputName">The output that is the embedding; null where it is to be found.</param>
    /// <exception cref="InvalidOperationException">Weights are not where they are said to be, or are too many; or the network needs more
    /// than images.</exception>
    public static NetworkContent Of(byte[] bytes, string? file, string network, string? inputName, string? outputName)
    {
        using var folder = new WeightFolder(network, file);
        try
        {
            ImageGraph? images = OnnxMessage.First(bytes, OnnxFields.Model.Graph) is { } graph
                ? ImageGraph.Of(graph, network, inputName, outputName) : null;
            return new NetworkContent(Join(bytes, new MessageRewriter(network, folder, images)), images?.LeftOut ?? []);
        }
        catch (InvalidDataException)
        {
            // It is in no format that is known here: ONNX Runtime says what is wrong with it.
            return new NetworkContent(bytes, []);
        }

        byte[] Join(byte[] model, MessageRewriter rewriter)
        {
            if (rewriter.Rewrite(model) is not { } parts)
                return model;
            if (parts.Length > MostBytes)
                throw Errors.NetworkUnusable(network, Errors.NetworkTooLarge(parts.Length, MostBytes));
            byte[] content = GC.AllocateUninitializedArray<byte>((int)parts.Length);
            parts.CopyTo(content);
            return content;
        }
    }
}
