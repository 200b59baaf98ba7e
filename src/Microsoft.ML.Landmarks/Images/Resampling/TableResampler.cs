namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Resizes by a table of what each place is made of, in width as in height, and in width first.</summary>
/// <typeparam name="T">The type of the weights.</typeparam>
internal abstract class TableResampler<T> : Resampler
    where T : unmanaged
{
    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="tapsOf">What the places of a side are made of.</param>
    protected TableResampler(PixelRows image, ResizedCrop crop, Func<ResizedSide, TapTable<T>> tapsOf) : base(image, crop)
    {
        (TapsAlong, TapsAcross) = (tapsOf(Along), tapsOf(Across));
        if (PixelsReversed)
            TapsAlong.Reverse();
    }

    /// <summary>What a line is made of, among the pixels of a row of the file.</summary>
    protected TapTable<T> TapsAlong { get; }

    /// <summary>What the lines are made of, among the rows of the picture as it is shown.</summary>
    protected TapTable<T> TapsAcross { get; }

    public override void Dispose()
    {
        base.Dispose();
        TapsAlong.Dispose();
        TapsAcross.Dispose();
    }

    protected override (int First, int Last) RowsOf(int line) => TapsAcross.PixelsOf(line);

    // Rows that are columns of the picture are summed up before they are resized: that is the order of width and height.
    protected override void Keep(ReadOnlySpan<byte> row, Span<byte> kept)
    {
        if (GivesColumns)
            row.CopyTo(kept);
        else
            ResizeAlong(row, kept);
    }

    /// <summary>Resizes a row of the file that is a row of the picture. Shapes: row [width, 4].</summary>
    protected abstract void ResizeAlong(ReadOnlySpan<byte> row, Span<byte> resized);
}
