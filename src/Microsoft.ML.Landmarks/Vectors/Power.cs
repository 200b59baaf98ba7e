namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>
/// Powers that are the same bits on every machine: <see cref="Math.Pow"/> is the C library's, and their last bits differ. Sums, products
/// and quotients are taken in pairs of doubles, high and low, of some 100 bits; rounded to one, a power is the double nearest to the true
/// one, but for those that lie halfway between two within the error of the pair. (Dekker, A floating-point technique for extending the
/// available precision, 1971.)
/// </summary>
internal static class Power
{
    // Each halves the argument of the exponential once more, and squares its result.
    private const int Halvings = 6;

    // Terms of the series, until they are below 2^-106 of the first.
    private const int LogTerms = 21, ExpTerms = 13;

    // The power is below half of the smallest double.
    private const double LeastLog = -746;

    private static readonly Pair s_ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    // 1 / i.
    private static readonly Pair[] s_inverses = [.. Enumerable.Range(0, 2 * LogTerms + 2).Select(i => new Pair(1, 0) / new Pair(i, 0))];

    /// <summary>value^exponent.</summary>
    /// <param name="value">At least 0.</param>
    /// <param name="exponent">
    /// Above 0, up to <see cref="KnnLandmarkEstimator.LargestExponent"/>, and so that the power is a finite double; one below the smallest
    /// normal double may be off by its last bit, or be 0.
    /// </param>
    public static double Of(double value, double exponent)
    {
        if (value == 0)
            return 0;
        return exponent == Math.Floor(exponent) ? WholePower(value, (int)exponent) : Exp(Log(value) * exponent);
    }

    /// <summary>e^exponent.</summary>
    /// <param name="exponent">At most 0.</param>
    public static double OfE(double exponent) => exponent < LeastLog ? 0 : Exp(new Pair(exponent, 0));

    // From the left: no square is larger than the power.
    private static double WholePower(double value, int exponent)
    {
        var power = new Pair(value, 0);
        for (int bit = int.Log2(exponent) - 1; bit >= 0; bit--)
        {
            power *= power;
            if ((exponent >> bit & 1) != 0)
                power *= value;
        }

        return power.High + power.Low;
    }

    // value = m 2^e with m from 0.7 to 1.4; ln m = 2 artanh t = 2 (t + t^3 / 3 + t^5 / 5 + ...), t = (m - 1) / (m + 1).
    private static Pair Log(double value)
    {
        int exponent = Math.ILogB(value);
        double m = Math.ScaleB(value, -exponent);
        if (m > 1.4142135623730951)
            (m, exponent) = (m / 2, exponent + 1);
        Pair t = new Pair(m - 1, 0) / Pair.Sum(m, 1), square = t * t, sum = default;
        for (int i = LogTerms; i >= 0; i--)
            sum = sum * square + s_inverses[2 * i + 1];
        return s_ln2 * exponent + sum * t * 2;
    }

    // x = n ln 2 + r; e^r = (e^(r / 64))^64 by the series.
    private static double Exp(Pair x)
    {
        int n = (int)Math.Round(x.High / s_ln2.High);
        Pair r = (x + s_ln2 * -n) * Math.ScaleB(1, -Halvings), sum = new(1, 0);
        for (int i = ExpTerms; i > 0; i--)
            sum = sum * r * s_inverses[i] + new Pair(1, 0);
        for (int i = 0; i < Halvings; i++)
            sum *= sum;
        return Math.ScaleB(sum.High + sum.Low, n);
    }

    /// <summary>A number as the sum of two doubles, the second at most half a unit in the last place of the first.</summary>
    private readonly record struct Pair(double High, double Low)
    {
        /// <summary>a + b, without an error.</summary>
        public static Pair Sum(double a, double b)
        {
            double high = a + b, part = high - a;
            return new Pair(high, a - (high - part) + (b - part));
        }

        public static Pair operator +(Pair a, Pair b)
        {
            Pair high = Sum(a.High, b.High), low = Sum(a.Low, b.Low), sum = Sum(high.High, high.Low + low.High);
            return Sum(sum.High, sum.Low + low.Low);
        }

        public static Pair operator *(Pair a, Pair b)
        {
            double high = a.High * b.High;
            return Sum(high, Math.FusedMultiplyAdd(a.High, b.High, -high) + (a.High * b.Low + a.Low * b.High));
        }

        public static Pair operator *(Pair a, double b) => a * new Pair(b, 0);

        public static Pair operator /(Pair a, Pair b)
        {
            double high = a.High / b.High;
            Pair rest = a + b * -high;
            double low = rest.High / b.High;
            rest += b * -low;
            Pair quotient = Sum(high, low);
            return Sum(quotient.High, quotient.Low + rest.High / b.High);
        }
    }
}
