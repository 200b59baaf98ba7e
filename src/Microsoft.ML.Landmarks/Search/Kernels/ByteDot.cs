using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>The dot product of one pair of quantised vectors.</summary>
internal static class ByteDot
{
    /// <summary>Vectors have a multiple of so many coordinates.</summary>
    public const int Granularity = 64;

    /// <summary>a · b. Shapes: [d], [d]; d a multiple of <see cref="Granularity"/>, values from -127 to 127.</summary>
    public static int Compute(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        Debug.Assert(a.Length == b.Length && a.Length % Granularity == 0);
        ref sbyte x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        return Avx2.IsSupported ? Compute256(ref x, ref y, a.Length) : Vector128.IsHardwareAccelerated
            ? Compute128(ref x, ref y, a.Length) : ComputeScalar(a, b);
    }

    /// <summary>The definition.</summary>
    internal static int ComputeScalar(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        int sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Compute256(ref sbyte a, ref sbyte b, int length)
    {
        Vector256<int> sum = default;
        for (nuint i = 0; i < (nuint)length; i += (nuint)Vector256<sbyte>.Count)
        {
            // |x| (sign of x · y), since the instruction wants one unsigned side; a pair is at most 2 · 127² < 2^15.
            Vector256<sbyte> x = Vector256.LoadUnsafe(ref a, i), y = Vector256.LoadUnsafe(ref b, i);
            sum += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Avx2.Abs(x), Avx2.Sign(y, x)), Vector256<short>.One);
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Compute128(ref sbyte a, ref sbyte b, int length)
    {
        Vector128<int> sum = default;
        for (nuint i = 0; i < (nuint)length; i += (nuint)Vector128<sbyte>.Count)
        {
            Vector128<sbyte> x = Vector128.LoadUnsafe(ref a, i), y = Vector128.LoadUnsafe(ref b, i);
            if (Dp.IsSupported)
            {
                sum = Dp.DotProduct(sum, x, y);
                continue;
            }

            (Vector128<short> x0, Vector128<short> x1) = Vector128.Widen(x);
            (Vector128<short> y0, Vector128<short> y1) = Vector128.Widen(y);
            // Two products of at most 127² fit 16 bits.
            (Vector128<int> p0, Vector128<int> p1) = Vector128.Widen(x0 * y0 + x1 * y1);
            sum += p0 + p1;
        }

        return Vector128.Sum(sum);
    }
}
