namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>The four source pixels of one result pixel in one dimension, and their weights of <see cref="WeightBits"/> bits.</summary>
internal readonly record struct CubicTaps(int First, int Weight0, int Weight1, int Weight2, int Weight3)
{
    public const int Count = 4;
    public const int WeightBits = 11;
    public const int WeightOne = 1 << WeightBits;

    /// <summary>The taps of pixel <paramref name="place"/> of <paramref name="resized"/>, made from <paramref name="original"/>
    /// pixels.</summary>
    public static CubicTaps At(long place, long resized, int original)
    {
        if (resized == original)
            return new((int)place - 1, 0, WeightOne, 0, 0);
        double scale = 1.0 / ((double)resized / original);
        float position = (float)((place + 0.5) * scale - 0.5);
        int pixel = (int)MathF.Floor(position);
        float x = position - pixel;
        // a = -0.75 as in OpenCV's INTER_CUBIC; Keys (1981) derives -0.5. The order of the operations is OpenCV's: it decides the rounding.
        const float A = -0.75f;
        float w0 = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
        float w1 = ((A + 2) * x - (A + 3)) * x * x + 1;
        float w2 = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
        float w3 = 1f - w0 - w1 - w2;
        return new(pixel - 1, Fixed(w0), Fixed(w1), Fixed(w2), Fixed(w3));
    }

    /// <summary>The source pixel of a tap; beyond the border, the pixel at the border.</summary>
    public int Source(int tap, int original) => Math.Clamp(First + tap, 0, original - 1);

    /// <summary>The same pixels and weights where they are counted from the other end, in the other order.</summary>
    public CubicTaps Reversed(int original) => new(original - Count - First, Weight3, Weight2, Weight1, Weight0);

    /// <summary>
    /// The weights of four neighbouring pixels inside the image that give the same sum: those beyond the border are added to the border's.
    /// </summary>
    public CubicTaps Inside(int original)
    {
        int first = Math.Clamp(First, 0, original - Count);
        Span<int> weights = stackalloc int[Count];
        weights.Clear();
        weights[Source(0, original) - first] += Weight0;
        weights[Source(1, original) - first] += Weight1;
        weights[Source(2, original) - first] += Weight2;
        weights[Source(3, original) - first] += Weight3;
        return new(first, weights[0], weights[1], weights[2], weights[3]);
    }

    private static int Fixed(float weight) => (int)MathF.Round(weight * WeightOne);
}
