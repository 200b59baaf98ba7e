namespace Microsoft.ML.Landmarks;

/// <summary>
/// The images of a batch, grouped as the network takes them: groups of a fixed number, each at an address that suits vector instructions.
/// Sums over values at other addresses may be taken in another order, and the same image would have another embedding.
/// </summary>
internal sealed class NetworkInput
{
    // In values; each group starts where the vectors of AlignedArray do.
    private const int Alignment = AlignedArray<float>.Alignment / sizeof(float);

    private readonly AlignedArray<float> _values;
    private readonly int _imagesInGroup, _imageLength, _groupStride;

    /// <param name="capacity">The most images.</param>
    /// <param name="imagesInGroup">How many the network takes at once.</param>
    /// <param name="imageLength">Values of one image.</param>
    public NetworkInput(int capacity, int imagesInGroup, int imageLength)
    {
        _imagesInGroup = imagesInGroup;
        _imageLength = imageLength;
        _groupStride = RoundUp(checked(imagesInGroup * imageLength));
        _values = new AlignedArray<float>(checked(GroupCount(capacity) * _groupStride));
    }

    /// <summary>The groups that <paramref name="images"/> images fill, the last one perhaps in part.</summary>
    public int GroupCount(int images) => (images + _imagesInGroup - 1) / _imagesInGroup;

    public Span<float> Image(int image)
        => _values.Span.Slice(image / _imagesInGroup * _groupStride + image % _imagesInGroup * _imageLength, _imageLength);

    /// <summary>The images of a group; what stands in places that no image fills is left from before.</summary>
    public Memory<float> Group(int group) => _values.Memory.Slice(group * _groupStride, _imagesInGroup * _imageLength);

    /// <summary>Exchanges left and right in the images of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="width">Pixels in a row.</param>
    public void MirrorGroup(int group, int width)
    {
        for (Span<float> rows = Group(group).Span; !rows.IsEmpty; rows = rows[width..])
            rows[..width].Reverse();
    }

    private static int RoundUp(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
