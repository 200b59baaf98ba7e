using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>What is kept of a photograph, as it stands upright: its sides, a hash of its pixels, and a small gray picture of all of
/// it.</summary>
internal sealed class PhotographSketch
{
    /// <summary>Places of the small picture in each direction, however long the sides of the photograph are.</summary>
    public const int Side = 32;

    private const double LeastContrast = 4;

    // Rec. 601, of 2^16.
    private const int Red = 19595, Green = 38470, Blue = 7471;

    // Of all pixels with their places.
    private readonly ulong _hash;

    private PhotographSketch(int width, int height, ulong hash, byte[] levels)
        => (Width, Height, _hash, Levels) = (width, height, hash, levels);

    public int Width { get; }

    public int Height { get; }

    /// <summary>[side, side], the mean brightness of each place, from 0 to 255.</summary>
    public byte[] Levels { get; }

    public int ShorterSide => Math.Min(Width, Height);

    public long PixelCount => (long)Width * Height;

    /// <summary>Whether it shows nearly one color.</summary>
    public bool IsBlank => Contrast < LeastContrast;

    /// <summary>The standard deviation of the brightness.</summary>
    public double Contrast
    {
        get
        {
            double mean = Levels.Average(level => (double)level);
            return Math.Sqrt(Levels.Average(level => (level - mean) * (level - mean)));
        }
    }

    /// <summary>The brightness that 99 of 100 places don't exceed.</summary>
    public int Highlight => Levels.Order().ElementAt(Levels.Length * 99 / 100 - 1);

    /// <summary>What only photographs of the same pixels share.</summary>
    public (int Width, int Height, ulong Hash) Pixels => (Width, Height, _hash);

    /// <summary>Reads all rows of a photograph once.</summary>
    /// <exception cref="InvalidDataException">The file ends too early.</exception>
    public static PhotographSketch Of(PixelRows image)
    {
        Orientation orientation = image.Orientation;
        int lines = image.Height, places = image.Width;
        (int width, int height) = orientation.RowsAreColumns ? (lines, places) : (places, lines);
        var sums = new double[Side * Side];
        var prefix = new long[places + 1];
        ulong hash = 0;
        for (int y = 0; y < lines; y++)
        {
            int line = orientation.RowsReversed ? lines - 1 - y : y;
            hash += Read(image.Row(y), line, width, orientation, prefix);
            AddLine(prefix, line, lines, sums);
        }

        return new PhotographSketch(width, height, hash, ToLevels(sums, (double)places * lines / (Side * Side), orientation));
    }

    // A sum over the pixels, so that they may come in any order: a file that is turned has the hash of one that is not.
    private static ulong Read(ReadOnlySpan<byte> row, int line, int width, Orientation orientation, Span<long> prefix)
    {
        int count = prefix.Length - 1;
        long first = orientation.PixelsReversed ? count - 1 : 0, step = orientation.PixelsReversed ? -1 : 1;
        if (orientation.RowsAreColumns)
            (first, step) = (first * width + line, step * width);
        else
            first += (long)line * width;
        ulong hash = 0;
        long sum = 0, place = first;
        for (int x = 0; x < count; x++, place += step)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * PixelRows.BytesPerPixel, 3);
            int color = pixel[0] | pixel[1] << 8 | pixel[2] << 16;
            hash += Mix((ulong)place << 24 | (uint)color);
            sum += Red * pixel[0] + Green * pixel[1] + Blue * pixel[2];
            prefix[x + 1] = sum;
        }

        return hash;
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of the value.
    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }

    // Each place takes the share of the line that lies in it.
    private static void AddLine(ReadOnlySpan<long> prefix, int line, int lines, Span<double> sums)
    {
        double scale = (double)Side / lines;
        int firstPlace = (int)(line * scale), lastPlace = Math.Min(Side - 1, (int)Math.Ceiling((line + 1) * scale) - 1);
        Span<double> parts = stackalloc double[Side];
        double start = 0;
        for (int x = 0; x < Side; x++)
        {
            double end = At(prefix, (double)(x + 1) * (prefix.Length - 1) / Side);
            (parts[x], start) = (end - start, end);
        }

        for (int y = firstPlace; y <= lastPlace; y++)
        {
            double share = Math.Min((line + 1) * scale, y + 1) - Math.Max(line * scale, y);
            for (int x = 0; x < Side; x++)
                sums[y * Side + x] += share / scale * parts[x];
        }
    }

    private static double At(ReadOnlySpan<long> prefix, double position)
    {
        int whole = Math.Min((int)position, prefix.Length - 2);
        return prefix[whole] + (position - whole) * (prefix[whole + 1] - prefix[whole]);
    }

    private static byte[] ToLevels(double[] sums, double pixelsOfPlace, Orientation orientation)
    {
        var levels = new byte[sums.Length];
        for (int line = 0; line < Side; line++)
        {
            for (int place = 0; place < Side; place++)
            {
                int along = orientation.PixelsReversed ? Side - 1 - place : place;
                int target = orientation.RowsAreColumns ? along * Side + line : line * Side + along;
                levels[target] = (byte)Math.Clamp(Math.Round(sums[line * Side + place] / pixelsOfPlace / (1 << 16)), 0, byte.MaxValue);
            }
        }

        return levels;
    }
}
