namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Which arithmetic OpenCV's <c>resize(…, INTER_AREA)</c> takes, and what the places of a side are made of (modules/imgproc/src/resize.cpp,
/// x86 without IPP).
/// </summary>
internal static class OpenCvArea
{
    public const int WeightOne = 1 << 11;

    // C's DBL_EPSILON: the distance from 1 to the next number.
    private const double Epsilon = 1.0 / (1L << 52);
    private const double LeastShare = 1e-3;

    /// <param name="image">The image; its rows are to be read from the top down.</param>
    /// <param name="crop">The resized sides, and what is wanted of them.</param>
    /// <param name="kernel">The instructions.</param>
    public static Resampler Create(PixelRows image, ResizedCrop crop, Resampler.Kernel kernel)
    {
        (int width, int height) = image.Orientation.RowsAreColumns ? (image.Height, image.Width) : (image.Width, image.Height);
        double shrinkWidth = Scale(crop.ResizedWidth, width), shrinkHeight = Scale(crop.ResizedHeight, height);
        if (shrinkWidth < 1 || shrinkHeight < 1)
            return new OpenCvLinearResampler(image, crop, kernel);
        return IsWhole(shrinkWidth) && IsWhole(shrinkHeight)
            ? new OpenCvBlockResampler(image, crop, (int)Math.Round(shrinkWidth), (int)Math.Round(shrinkHeight), kernel)
            : new OpenCvMeanResampler(image, crop, kernel);
    }

    /// <summary>The pixels whose area a place covers, weighed by how much of it: a side that is not enlarged.</summary>
    public static TapTable<float> MeanTaps(ResizedSide side)
    {
        double scale = Scale(side.Resized, side.Original);
        var table = new TapTable<float>(side, mostTaps: Math.Ceiling(scale) + 1);
        var weights = new float[table.Taps];
        for (int place = 0; place < side.Count; place++)
        {
            double start = (side.First + place) * scale, end = start + scale, width = Math.Min(scale, side.Original - start);
            int last = Math.Min((int)Math.Floor(end), side.Original - 1), whole = Math.Min((int)Math.Ceiling(start), last);
            int first = whole, count = 0;
            if (whole - start > LeastShare)
            {
                first--;
                weights[count++] = (float)((whole - start) / width);
            }

            for (int pixel = whole; pixel < last; pixel++)
                weights[count++] = (float)(1 / width);
            if (end - last > LeastShare)
                weights[count++] = (float)(Math.Min(Math.Min(end - last, 1), width) / width);
            table.Set(place, first, weights.AsSpan(0, count));
        }

        return table;
    }

    /// <summary>The two pixels of a place where one of the sides is enlarged, weighed by 11 bits.</summary>
    public static LinearTaps LinearTapsAt(ResizedSide side, int place)
    {
        double enlarged = (double)side.Resized / side.Original;
        long target = side.First + place;
        int pixel = (int)Math.Floor(target * (1 / enlarged));
        float share = (float)(target + 1 - (pixel + 1) * enlarged);
        share = share <= 0 ? 0 : share - MathF.Floor(share);
        return new(pixel, (int)MathF.Round((1 - share) * WeightOne), (int)MathF.Round(share * WeightOne));
    }

    private static double Scale(long resized, int original) => 1 / ((double)resized / original);

    private static bool IsWhole(double scale) => Math.Abs(scale - Math.Round(scale)) < Epsilon;
}
