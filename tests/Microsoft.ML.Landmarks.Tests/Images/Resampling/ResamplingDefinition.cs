using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

/// <summary>What Pillow's filters and OpenCV's INTER_AREA are, pixel by pixel.</summary>
internal static class ResamplingDefinition
{
    /// <summary>The wanted part of a resized image, [height, width, 3].</summary>
    public static byte[] Of(PixelImage image, ResizedCrop crop, ImageResampling resampling)
    {
        int width = (int)crop.ResizedWidth, height = (int)crop.ResizedHeight;
        Func<int, int, int, byte> level = resampling == ImageResampling.OpenCvArea
            ? OpenCvArea(image, width, height) : Pillow(image, width, height, resampling);
        return [.. from y in Enumerable.Range((int)crop.Top, crop.Height)
                   from x in Enumerable.Range((int)crop.Left, crop.Width)
                   from channel in Enumerable.Range(0, 3)
                   select level(x, y, channel)];
    }

    private static Func<int, int, int, byte> Pillow(PixelImage image, int width, int height, ImageResampling resampling)
    {
        if (resampling == ImageResampling.PillowNearest)
        {
            double[] xs = Steps((double)image.Width / width, width), ys = Steps((double)image.Height / height, height);
            return (x, y, channel) => Source(image, (int)xs[x], (int)ys[y], channel);
        }

        var inWidth = new Dictionary<(int X, int Y, int Channel), byte>();
        return (x, y, channel) => width == image.Width && height == image.Height ? Source(image, x, y, channel)
            : height == image.Height ? InWidth(x, y, channel)
            : Sum(y, height, image.Height, row => InWidth(x, row, channel));

        byte InWidth(int x, int y, int channel)
        {
            if (width == image.Width)
                return Source(image, x, y, channel);
            if (!inWidth.TryGetValue((x, y, channel), out byte level))
                inWidth[(x, y, channel)] = level = Sum(x, width, image.Width, column => Source(image, column, y, channel));
            return level;
        }

        byte Sum(int place, int resized, int original, Func<int, byte> level)
        {
            double scale = (double)original / resized, wider = Math.Max(1, scale);
            (double support, Func<double, double> weight) = Filter(resampling);
            double center = (place + 0.5) * scale;
            int first = Math.Max(0, (int)(center - support * wider + 0.5));
            int end = Math.Min(original, (int)(center + support * wider + 0.5));
            double[] weights = [.. Enumerable.Range(first, end - first).Select(i => weight((i - center + 0.5) * (1 / wider)))];
            double total = weights.Aggregate(0.0, (sum, w) => sum + w);
            int sum = 1 << 21;
            for (int i = first; i < end; i++)
            {
                double share = weights[i - first] / total;
                sum += level(i) * (int)(share < 0 ? share * (1 << 22) - 0.5 : share * (1 << 22) + 0.5);
            }

            return (byte)Math.Clamp(sum >> 22, 0, 255);
        }
    }

    private static (double Support, Func<double, double> Weight) Filter(ImageResampling resampling) => resampling switch
    {
        ImageResampling.PillowBox => (0.5, x => x > -0.5 && x <= 0.5 ? 1 : 0),
        ImageResampling.PillowBilinear => (1, x => Math.Abs(x) < 1 ? 1 - Math.Abs(x) : 0),
        ImageResampling.PillowHamming => (1, x => x == 0 ? 1 : Math.Abs(x) >= 1 ? 0
            : Math.Sin(Math.Abs(x) * Math.PI) / (Math.Abs(x) * Math.PI) * (0.54f + 0.46f * Math.Cos(Math.Abs(x) * Math.PI))),
        ImageResampling.PillowBicubic => (2, x => Math.Abs(x) < 1 ? (1.5 * Math.Abs(x) - 2.5) * Math.Abs(x) * Math.Abs(x) + 1
            : Math.Abs(x) < 2 ? (((Math.Abs(x) - 5) * Math.Abs(x) + 8) * Math.Abs(x) - 4) * -0.5 : 0),
        ImageResampling.PillowLanczos => (3, x => x >= -3 && x < 3 ? Sinc(x) * Sinc(x / 3) : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(resampling)),
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    private static double[] Steps(double scale, int count)
    {
        var positions = new double[count];
        for (int i = 0; i < count; i++)
            positions[i] = i == 0 ? scale * 0.5 : positions[i - 1] + scale;
        return positions;
    }

    private static Func<int, int, int, byte> OpenCvArea(PixelImage image, int width, int height)
    {
        double scaleX = 1 / ((double)width / image.Width), scaleY = 1 / ((double)height / image.Height);
        if (scaleX < 1 || scaleY < 1)
            return Linear;
        return scaleX == Math.Round(scaleX) && scaleY == Math.Round(scaleY) ? Block : Mean;

        byte Block(int x, int y, int channel)
        {
            int columns = (int)scaleX, rows = (int)scaleY;
            int sum = (from row in Enumerable.Range(y * rows, rows)
                       from column in Enumerable.Range(x * columns, columns)
                       select (int)Source(image, column, row, channel)).Sum();
            return columns == 2 && rows == 2 ? (byte)((sum + 2) >> 2) : ToLevel(sum * (1f / (rows * columns)));
        }

        byte Mean(int x, int y, int channel)
        {
            float sum = 0;
            foreach ((int row, float beta) in Shares(y, scaleY, image.Height))
            {
                float inWidth = 0;
                foreach ((int column, float alpha) in Shares(x, scaleX, image.Width))
                    inWidth += Source(image, column, row, channel) * alpha;
                sum += beta * inWidth;
            }

            return ToLevel(sum);
        }

        byte Linear(int x, int y, int channel)
        {
            (int column, int a0, int a1) = Between(x, width, image.Width);
            (int row, int b0, int b1) = Between(y, height, image.Height);
            if (column >= image.Width - 1)
                (a0, a1) = (2048, 0);
            int InWidth(int row) => Source(image, column, Math.Min(row, image.Height - 1), channel) * a0
                + Source(image, Math.Min(column + 1, image.Width - 1), Math.Min(row, image.Height - 1), channel) * a1;
            return (byte)((((b0 * (InWidth(row) >> 4)) >> 16) + ((b1 * (InWidth(row + 1) >> 4)) >> 16) + 2) >> 2);
        }
    }

    private static IEnumerable<(int Pixel, float Share)> Shares(int place, double scale, int original)
    {
        double start = place * scale, end = start + scale, width = Math.Min(scale, original - start);
        int last = Math.Min((int)Math.Floor(end), original - 1), whole = Math.Min((int)Math.Ceiling(start), last);
        if (whole - start > 1e-3)
            yield return (whole - 1, (float)((whole - start) / width));
        for (int pixel = whole; pixel < last; pixel++)
            yield return (pixel, (float)(1 / width));
        if (end - last > 1e-3)
            yield return (last, (float)(Math.Min(Math.Min(end - last, 1), width) / width));
    }

    private static (int Pixel, int Weight, int WeightOfNext) Between(int place, int resized, int original)
    {
        double enlarged = (double)resized / original;
        int pixel = (int)Math.Floor(place * (1 / enlarged));
        float share = (float)(place + 1 - (pixel + 1) * enlarged);
        share = share <= 0 ? 0 : share - MathF.Floor(share);
        return (pixel, Fixed(1 - share), Fixed(share));

        static int Fixed(float weight) => (int)MathF.Round(weight * 2048, MidpointRounding.ToEven);
    }

    private static byte ToLevel(float mean) => (byte)Math.Clamp((int)MathF.Round(mean, MidpointRounding.ToEven), 0, 255);

    private static byte Source(PixelImage image, int x, int y, int channel) => image.Pixels[(y * image.Width + x) * 4 + channel];
}
