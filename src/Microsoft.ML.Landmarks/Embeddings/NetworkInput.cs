using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>
/// The images of a batch, grouped as the network takes them: groups of a fixed number, each at an address that suits vector instructions.
/// Sums over values at other addresses may be taken in another order, and the same image would have another embedding.
/// </summary>
internal sealed class NetworkInput : IDisposable
{
    // Each is made when its first image comes.
    private readonly AlignedArray<float>?[] _groups;
    private readonly SpareArrays? _spares;
    private readonly int _imagesInGroup, _imageLength;

    /// <param name="capacity">The most images.</param>
    /// <param name="imagesInGroup">How many the network takes at once.</param>
    /// <param name="imageLength">Values of one image.</param>
    /// <param name="spares">Where to take groups of one image, and to leave them; null: they are made, and black at first.</param>
    public NetworkInput(int capacity, int imagesInGroup, int imageLength, SpareArrays? spares = null)
    {
        // What a larger group holds where no image fills it must not be left from another pass.
        _spares = imagesInGroup == 1 ? spares : null;
        _imagesInGroup = imagesInGroup;
        _imageLength = imageLength;
        _groups = new AlignedArray<float>?[GroupCount(capacity)];
    }

    /// <summary>The groups that <paramref name="images"/> images fill, the last one perhaps in part.</summary>
    public int GroupCount(int images) => (images + _imagesInGroup - 1) / _imagesInGroup;

    /// <summary>The bytes of the groups that <paramref name="images"/> images fill whole.</summary>
    public long BytesOfGroups(int images) => images / _imagesInGroup * _imagesInGroup * (long)_imageLength * sizeof(float);

    /// <summary>The place of an image; safe for several threads.</summary>
    public Memory<float> Image(int image) => Group(image / _imagesInGroup).Slice(image % _imagesInGroup * _imageLength, _imageLength);

    /// <summary>The images of a group; what stands in places that no image fills is left from before.</summary>
    /// <exception cref="InvalidOperationException">They are more values than an array holds.</exception>
    public Memory<float> Group(int group)
    {
        lock (_groups)
            return (_groups[group] ??= _spares?.Take(GroupLength()) ?? new AlignedArray<float>(GroupLength())).Memory;
    }

    public void Dispose()
    {
        if (_spares is null)
            return;
        foreach (AlignedArray<float> group in _groups.OfType<AlignedArray<float>>())
            _spares.Return(group);
        Array.Clear(_groups);
    }

    /// <summary>Exchanges left and right in the images of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="width">Pixels in a row.</param>
    public void MirrorGroup(int group, int width)
    {
        for (Span<float> rows = Group(group).Span; !rows.IsEmpty; rows = rows[width..])
            rows[..width].Reverse();
    }

    private int GroupLength()
    {
        long length = (long)_imagesInGroup * _imageLength;
        // Less what is lost by aligning them.
        const int Most = int.MaxValue / 2;
        return length <= Most ? (int)length : throw Errors.NetworkGroup(_imagesInGroup, length, Most);
    }
}
