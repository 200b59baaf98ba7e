using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>What orthonormal axes are made with. A library's generic code would run unoptimized for most of the little time that
/// takes.</summary>
internal static class DoubleVector
{
    /// <summary>a · b. Shapes: [n], [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Debug.Assert(a.Length == b.Length);
        ref double x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        Vector256<double> sum0 = default, sum1 = default;
        nuint i = 0, length = (nuint)a.Length;
        for (; i + 8 <= length; i += 8)
        {
            sum0 += Vector256.LoadUnsafe(ref x, i) * Vector256.LoadUnsafe(ref y, i);
            sum1 += Vector256.LoadUnsafe(ref x, i + 4) * Vector256.LoadUnsafe(ref y, i + 4);
        }

        double sum = Vector256.Sum(sum0 + sum1);
        for (; i < length; i++)
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        return sum;
    }

    /// <summary>to += factor · from. Shapes: [n], [n].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double factor, ReadOnlySpan<double> from, Span<double> to)
    {
        Debug.Assert(from.Length == to.Length);
        ref double x = ref MemoryMarshal.GetReference(from), y = ref MemoryMarshal.GetReference(to);
        Vector256<double> factors = Vector256.Create(factor);
        nuint i = 0, length = (nuint)from.Length;
        for (; i + 4 <= length; i += 4)
            (Vector256.LoadUnsafe(ref y, i) + factors * Vector256.LoadUnsafe(ref x, i)).StoreUnsafe(ref y, i);
        for (; i < length; i++)
            Unsafe.Add(ref y, i) += factor * Unsafe.Add(ref x, i);
    }
}
