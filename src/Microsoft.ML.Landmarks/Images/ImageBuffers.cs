namespace Microsoft.ML.Landmarks.Images;

/// <summary>Where a step reads files to, and where it decodes photographs that can't be decoded row by row.</summary>
internal sealed class ImageBuffers
{
    public BufferPool Files { get; } = new();

    /// <summary>A decoder takes one and waits for nothing else, so that it can be waited for.</summary>
    public BufferPool Pixels { get; } = new(Environment.ProcessorCount);

    public void Clear()
    {
        Files.Clear();
        Pixels.Clear();
    }
}
