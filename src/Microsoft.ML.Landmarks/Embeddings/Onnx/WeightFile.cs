using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>An open file with weights of a network.</summary>
/// <param name="network">What messages call the network.</param>
/// <param name="location">What the network calls the file.</param>
/// <param name="file">The file.</param>
internal sealed class WeightFile(string network, string location, SafeFileHandle file) : IDisposable
{
    /// <summary>In bytes.</summary>
    public long Length { get; } = RandomAccess.GetLength(file);

    /// <exception cref="InvalidOperationException">The file ends before.</exception>
    public WeightRange Range(long offset, long? length)
        => offset <= Length && (length ?? 0) <= Length - offset
            ? new WeightRange(this, offset, length ?? Length - offset)
            : throw Errors.NetworkUnusable(network, Errors.WeightsEndEarly(location, Length, offset, length ?? 0));

    public void Read(long offset, Span<byte> weights)
    {
        while (!weights.IsEmpty)
        {
            int read = RandomAccess.Read(file, weights, offset);
            // It was cut since.
            if (read == 0)
                throw Errors.NetworkUnusable(network, Errors.WeightsEndEarly(location, offset, offset, weights.Length));
            weights = weights[read..];
            offset += read;
        }
    }

    public void Dispose() => file.Dispose();
}
