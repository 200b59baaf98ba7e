using System.Buffers;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Resizes images as Pillow's <c>Image.resize(…, NEAREST)</c> does: a pixel is the one in whose area its middle lies.</summary>
internal sealed class PillowNearestResampler : Resampler
{
    // Pillow adds a step from pixel to pixel; beyond this place, where it could not hold the picture, the rounding of that is no matter.
    private const long MostSteps = 1 << 24;

    private readonly PixelPlanes _planes;
    private readonly int[] _along, _across;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="kernel">The instructions.</param>
    public PillowNearestResampler(PixelRows image, ResizedCrop crop, Kernel kernel) : base(image, crop)
    {
        _planes = new PixelPlanes(kernel);
        (_along, _across) = (SourcesOf(Along), SourcesOf(Across));
        if (PixelsReversed)
        {
            foreach (ref int source in _along.AsSpan(0, Along.Count))
                source = Along.Original - 1 - source;
        }

        Hold(mostRows: 1, GivesColumns ? image.Width * PixelRows.BytesPerPixel : LineLength);
    }

    private ReadOnlySpan<int> Sources => _along.AsSpan(0, Along.Count);

    public override void Dispose()
    {
        base.Dispose();
        ArrayPool<int>.Shared.Return(_along);
        ArrayPool<int>.Shared.Return(_across);
    }

    protected override (int First, int Last) RowsOf(int line) => (_across[line], _across[line]);

    protected override void Keep(ReadOnlySpan<byte> row, Span<byte> kept)
    {
        if (GivesColumns)
            row.CopyTo(kept);
        else
            _planes.Pick(row, Sources, kept);
    }

    protected override void Make(int line, Span<byte> levels)
    {
        ReadOnlySpan<byte> row = KeptRow(_across[line]);
        if (GivesColumns)
            _planes.Pick(row, Sources, levels);
        else
            row.CopyTo(levels);
    }

    private static int[] SourcesOf(ResizedSide side)
    {
        int[] sources = ArrayPool<int>.Shared.Rent(side.Count);
        double step = PillowFilter.Scale(side), position = step * 0.5;
        if (side.First + side.Count > MostSteps)
            position += side.First * step;
        else
            for (long place = 0; place < side.First; place++)
                position += step;
        for (int place = 0; place < side.Count; place++, position += step)
            sources[place] = Math.Min((int)position, side.Original - 1);
        return sources;
    }
}
