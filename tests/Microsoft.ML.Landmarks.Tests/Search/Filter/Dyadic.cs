using System.Numerics;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter;

/// <summary>
/// A number that whole numbers and powers of two make, as all finite numbers in floating point are: sums and products are exact.
/// </summary>
internal readonly record struct Dyadic(BigInteger Mantissa, int Exponent) : IComparable<Dyadic>
{
    private const int FractionBits = 52, LeastExponent = -1074;

    public static implicit operator Dyadic(double value)
    {
        Assert.IsTrue(double.IsFinite(value));
        if (value == 0)
            return default;
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(value)), fraction = bits & ((1L << FractionBits) - 1);
        int exponent = (int)(bits >> FractionBits);
        BigInteger mantissa = exponent == 0 ? fraction : fraction | 1L << FractionBits;
        return new Dyadic(double.IsNegative(value) ? -mantissa : mantissa, LeastExponent + Math.Max(0, exponent - 1));
    }

    public static Dyadic operator +(Dyadic a, Dyadic b)
    {
        int exponent = Math.Min(a.Exponent, b.Exponent);
        return new Dyadic(a.Scaled(exponent) + b.Scaled(exponent), exponent);
    }

    public static Dyadic operator -(Dyadic a, Dyadic b) => a + b * -1;

    public static Dyadic operator *(Dyadic a, Dyadic b) => new(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public static Dyadic Abs(Dyadic value) => value with { Mantissa = BigInteger.Abs(value.Mantissa) };

    /// <summary>a · b. Shapes: [d], [d].</summary>
    public static Dyadic Dot(IEnumerable<Dyadic> a, IEnumerable<Dyadic> b)
        => a.Zip(b, (x, y) => x * y).Aggregate((Dyadic)0, (sum, product) => sum + product);

    public static Dyadic Dot(float[] a, float[] b) => Dot(a.Select(x => (Dyadic)x), b.Select(x => (Dyadic)x));

    public int CompareTo(Dyadic other) => (this - other).Mantissa.Sign;

    /// <summary>The largest number in double precision that is not above this one.</summary>
    public double Floor()
    {
        // More bits than a double has, few enough that it is finite.
        int cut = (int)Math.Max(0, BigInteger.Abs(Mantissa).GetBitLength() - 64);
        double value = Math.ScaleB((double)(Mantissa >> cut), Exponent + cut);
        while (CompareTo(value) < 0)
            value = Math.BitDecrement(value);
        return value;
    }

    private BigInteger Scaled(int exponent) => Mantissa << (Exponent - exponent);
}
