using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>
/// The dot product that decides which rows are nearest: products and sums in double precision, in one order on every machine, so that
/// results are the same bits everywhere. A product of two Singles is exact in double, so a fused multiply-add changes nothing.
/// </summary>
internal static class ExactDot
{
    private const int Lanes = 8;
    private const int Chains = 4;

    /// <summary>a · b. Value i is added to lane i % 8 of chain i / 8 % 4; chains, then lanes, are added pairwise. Shapes: [d],
    /// [d].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Compute(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Debug.Assert(a.Length == b.Length);
        // The lanes of a chain are two vectors of four.
        Span<Vector256<double>> sums = stackalloc Vector256<double>[2 * Chains];
        int whole = a.Length / (Lanes * Chains) * (Lanes * Chains);
        AddChains(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), (nuint)whole, sums);
        if (whole < a.Length)
        {
            // Zeros up to the end of the four chains: adding 0 changes no sum.
            Span<float> restOfA = stackalloc float[Lanes * Chains], restOfB = stackalloc float[Lanes * Chains];
            a[whole..].CopyTo(restOfA);
            b[whole..].CopyTo(restOfB);
            AddChains(ref MemoryMarshal.GetReference(restOfA), ref MemoryMarshal.GetReference(restOfB), Lanes * Chains, sums);
        }

        Vector256<double> lower = (sums[0] + sums[2]) + (sums[4] + sums[6]), upper = (sums[1] + sums[3]) + (sums[5] + sums[7]);
        Vector256<double> sum4 = lower + upper;
        Vector128<double> sum2 = sum4.GetLower() + sum4.GetUpper();
        return sum2[0] + sum2[1];
    }

    // A method of its own, which calls none: across a call the compiler would keep the sums in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddChains(ref float a, ref float b, nuint length, Span<Vector256<double>> sums)
    {
        Vector256<double> s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3], s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
        for (nuint i = 0; i < length; i += Lanes * Chains)
        {
            s0 = AddProducts(s0, ref a, ref b, i);
            s1 = AddProducts(s1, ref a, ref b, i + 4);
            s2 = AddProducts(s2, ref a, ref b, i + 8);
            s3 = AddProducts(s3, ref a, ref b, i + 12);
            s4 = AddProducts(s4, ref a, ref b, i + 16);
            s5 = AddProducts(s5, ref a, ref b, i + 20);
            s6 = AddProducts(s6, ref a, ref b, i + 24);
            s7 = AddProducts(s7, ref a, ref b, i + 28);
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (s0, s1, s2, s3, s4, s5, s6, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> AddProducts(Vector256<double> sum, ref float a, ref float b, nuint index)
    {
        Vector128<float> x = Vector128.LoadUnsafe(ref a, index), y = Vector128.LoadUnsafe(ref b, index);
        return Vector256.MultiplyAddEstimate(Widen(x), Widen(y), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(Vector128<float> values)
        => Avx.IsSupported ? Avx.ConvertToVector256Double(values)
        : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));
}
