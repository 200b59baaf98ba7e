namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// Pillow's filters: how a pixel of the result is weighed together from those near it. Shrunk, they are as much wider as there are more
/// pixels, so that each counts; the weights are of <see cref="WeightBits"/> bits (src/libImaging/Resample.c, 8 bits a channel).
/// </summary>
/// <param name="Support">How far from its middle the filter reaches, in pixels of the result where it is smaller.</param>
/// <param name="Weight">The weight at a distance.</param>
internal sealed record PillowFilter(double Support, Func<double, double> Weight)
{
    // Of 32 bits a level takes 8, and 2 are for sums beyond white and below black.
    public const int WeightBits = 32 - 8 - 2;
    public const int WeightOne = 1 << WeightBits;

    public static PillowFilter Box { get; } = new(0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0);

    public static PillowFilter Bilinear { get; } = new(1, x => Math.Max(0, 1 - Math.Abs(x)));

    public static PillowFilter Hamming { get; } = new(1, x =>
    {
        x = Math.Abs(x);
        // The constants are of single precision, as they are there: their sum is not 1.
        return x == 0 ? 1 : x >= 1 ? 0 : Sinc(x) * (0.54f + 0.46f * Math.Cos(x * Math.PI));
    });

    public static PillowFilter Bicubic { get; } = new(2, x =>
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    });

    public static PillowFilter Lanczos { get; } = new(3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0);

    /// <summary>The weights of the pixels of each place.</summary>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    public TapTable<int> Taps(ResizedSide side)
    {
        if (side.Stays)
            return Copies(side);
        double scale = Scale(side), widened = Math.Max(scale, 1), support = Support * widened;
        var table = new TapTable<int>(side, mostTaps: Math.Ceiling(support) * 2 + 1);
        var weights = new double[table.Taps];
        var rounded = new int[table.Taps];
        for (int place = 0; place < side.Count; place++)
        {
            double center = (side.First + place + 0.5) * scale;
            int first = Math.Max(0, (int)(center - support + 0.5)), end = Math.Min(side.Original, (int)(center + support + 0.5));
            double sum = 0;
            for (int tap = 0; tap < end - first; tap++)
            {
                weights[tap] = Weight((tap + first - center + 0.5) * (1 / widened));
                sum += weights[tap];
            }

            for (int tap = 0; tap < end - first; tap++)
            {
                double weight = (sum != 0 ? weights[tap] / sum : weights[tap]) * WeightOne;
                rounded[tap] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }

            table.Set(place, first, rounded.AsSpan(0, end - first));
        }

        return table;
    }

    /// <summary>Pixels for each pixel of the result; Pillow holds the sides of a picture in single precision.</summary>
    public static double Scale(ResizedSide side) => (double)(float)side.Original / side.Resized;

    private static TapTable<int> Copies(ResizedSide side)
    {
        var table = new TapTable<int>(side, mostTaps: 1);
        for (int place = 0; place < side.Count; place++)
            table.Set(place, (int)side.First + place, [WeightOne]);
        return table;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
