using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

internal static partial class DoubleProducts
{
    // 16 registers hold 3 x 4 sums, a vector of each of 3 rows, and one of the other row. Sums are named one by one: the compiler keeps no
    // array in registers.
    private static void AddTile(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int length, int piece, Span<double> sums, int stride)
    {
        ref double x0 = ref MemoryMarshal.GetReference(a), y0 = ref MemoryMarshal.GetReference(b);
        ref double x1 = ref Unsafe.Add(ref x0, length), x2 = ref Unsafe.Add(ref x1, length);
        ref double y1 = ref Unsafe.Add(ref y0, length), y2 = ref Unsafe.Add(ref y1, length), y3 = ref Unsafe.Add(ref y2, length);
        Vector256<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector256<double> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector256<double> s20 = default, s21 = default, s22 = default, s23 = default;
        for (nuint k = 0; k < (nuint)piece; k += Lanes)
        {
            Vector256<double> u0 = Vector256.LoadUnsafe(ref x0, k), u1 = Vector256.LoadUnsafe(ref x1, k),
                u2 = Vector256.LoadUnsafe(ref x2, k);
            Vector256<double> v = Vector256.LoadUnsafe(ref y0, k);
            s00 = Vector256.MultiplyAddEstimate(u0, v, s00);
            s10 = Vector256.MultiplyAddEstimate(u1, v, s10);
            s20 = Vector256.MultiplyAddEstimate(u2, v, s20);
            v = Vector256.LoadUnsafe(ref y1, k);
            s01 = Vector256.MultiplyAddEstimate(u0, v, s01);
            s11 = Vector256.MultiplyAddEstimate(u1, v, s11);
            s21 = Vector256.MultiplyAddEstimate(u2, v, s21);
            v = Vector256.LoadUnsafe(ref y2, k);
            s02 = Vector256.MultiplyAddEstimate(u0, v, s02);
            s12 = Vector256.MultiplyAddEstimate(u1, v, s12);
            s22 = Vector256.MultiplyAddEstimate(u2, v, s22);
            v = Vector256.LoadUnsafe(ref y3, k);
            s03 = Vector256.MultiplyAddEstimate(u0, v, s03);
            s13 = Vector256.MultiplyAddEstimate(u1, v, s13);
            s23 = Vector256.MultiplyAddEstimate(u2, v, s23);
        }

        sums[0] += Sum(s00);
        sums[1] += Sum(s01);
        sums[2] += Sum(s02);
        sums[3] += Sum(s03);
        sums[stride] += Sum(s10);
        sums[stride + 1] += Sum(s11);
        sums[stride + 2] += Sum(s12);
        sums[stride + 3] += Sum(s13);
        sums[2 * stride] += Sum(s20);
        sums[2 * stride + 1] += Sum(s21);
        sums[2 * stride + 2] += Sum(s22);
        sums[2 * stride + 3] += Sum(s23);
    }
}
