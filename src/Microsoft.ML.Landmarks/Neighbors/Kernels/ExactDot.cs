using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// The dot product that decides which rows are nearest: products and sums in double precision, in one order on every machine, so that
/// results are the same bits everywhere. A product of two Singles is exact in double, so a fused multiply-add changes nothing.
/// </summary>
internal static class ExactDot
{
    private const int Lanes = 8;
    private const int Chains = 4;

    /// <summary>a · b. Value i is added to lane i % 8 of chain i / 8 % 4; chains, then lanes, are added pairwise. Shapes: [d], [d].</summary>
    public static double Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector512<double> chain0 = default, chain1 = default, chain2 = default, chain3 = default;
        while (a.Length >= Lanes * Chains)
        {
            chain0 += Product(a, b);
            chain1 += Product(a[Lanes..], b[Lanes..]);
            chain2 += Product(a[(2 * Lanes)..], b[(2 * Lanes)..]);
            chain3 += Product(a[(3 * Lanes)..], b[(3 * Lanes)..]);
            a = a[(Lanes * Chains)..];
            b = b[(Lanes * Chains)..];
        }

        if (a.Length > 0)
        {
            // Zeros up to the end of the four chains: adding 0 changes no sum.
            Span<float> restOfA = stackalloc float[Lanes * Chains], restOfB = stackalloc float[Lanes * Chains];
            a.CopyTo(restOfA);
            b.CopyTo(restOfB);
            chain0 += Product(restOfA, restOfB);
            chain1 += Product(restOfA[Lanes..], restOfB[Lanes..]);
            chain2 += Product(restOfA[(2 * Lanes)..], restOfB[(2 * Lanes)..]);
            chain3 += Product(restOfA[(3 * Lanes)..], restOfB[(3 * Lanes)..]);
        }

        Vector512<double> sum = (chain0 + chain1) + (chain2 + chain3);
        Vector256<double> sum4 = sum.GetLower() + sum.GetUpper();
        Vector128<double> sum2 = sum4.GetLower() + sum4.GetUpper();
        return sum2[0] + sum2[1];
    }

    private static Vector512<double> Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<float> x = Vector256.Create(a[..Lanes]), y = Vector256.Create(b[..Lanes]);
        return Vector512.Create(
            Vector256.WidenLower(x) * Vector256.WidenLower(y),
            Vector256.WidenUpper(x) * Vector256.WidenUpper(y));
    }
}
