using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        Debug.Assert(a.Length == b.Length);
        // The lanes of a chain are two vectors of four.
        Vector256<double> chain0 = default, chain1 = default, chain2 = default, chain3 = default;
        Vector256<double> chain4 = default, chain5 = default, chain6 = default, chain7 = default;
        ref float x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        nuint i = 0;
        for (; i + Lanes * Chains <= (nuint)a.Length; i += Lanes * Chains)
        {
            chain0 = AddProducts(chain0, ref x, ref y, i);
            chain1 = AddProducts(chain1, ref x, ref y, i + 4);
            chain2 = AddProducts(chain2, ref x, ref y, i + 8);
            chain3 = AddProducts(chain3, ref x, ref y, i + 12);
            chain4 = AddProducts(chain4, ref x, ref y, i + 16);
            chain5 = AddProducts(chain5, ref x, ref y, i + 20);
            chain6 = AddProducts(chain6, ref x, ref y, i + 24);
            chain7 = AddProducts(chain7, ref x, ref y, i + 28);
        }

        if (i < (nuint)a.Length)
        {
            // Zeros up to the end of the four chains: adding 0 changes no sum.
            Span<float> restOfA = stackalloc float[Lanes * Chains], restOfB = stackalloc float[Lanes * Chains];
            a[(int)i..].CopyTo(restOfA);
            b[(int)i..].CopyTo(restOfB);
            ref float restOfX = ref MemoryMarshal.GetReference(restOfA), restOfY = ref MemoryMarshal.GetReference(restOfB);
            chain0 = AddProducts(chain0, ref restOfX, ref restOfY, 0);
            chain1 = AddProducts(chain1, ref restOfX, ref restOfY, 4);
            chain2 = AddProducts(chain2, ref restOfX, ref restOfY, 8);
            chain3 = AddProducts(chain3, ref restOfX, ref restOfY, 12);
            chain4 = AddProducts(chain4, ref restOfX, ref restOfY, 16);
            chain5 = AddProducts(chain5, ref restOfX, ref restOfY, 20);
            chain6 = AddProducts(chain6, ref restOfX, ref restOfY, 24);
            chain7 = AddProducts(chain7, ref restOfX, ref restOfY, 28);
        }

        Vector256<double> lower = (chain0 + chain2) + (chain4 + chain6), upper = (chain1 + chain3) + (chain5 + chain7);
        Vector256<double> sum4 = lower + upper;
        Vector128<double> sum2 = sum4.GetLower() + sum4.GetUpper();
        return sum2[0] + sum2[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> AddProducts(Vector256<double> sum, ref float a, ref float b, nuint index)
    {
        Vector128<float> x = Vector128.LoadUnsafe(ref a, index), y = Vector128.LoadUnsafe(ref b, index);
        return Vector256.MultiplyAddEstimate(Widen(x), Widen(y), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(Vector128<float> values)
        => Avx.IsSupported ? Avx.ConvertToVector256Double(values) : Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));
}
