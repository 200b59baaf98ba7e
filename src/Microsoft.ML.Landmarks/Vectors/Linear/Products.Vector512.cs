using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

internal static partial class Products
{
    // 12 sums of 16 rows are enough to keep the units busy. Sums are named one by one: the compiler keeps no array in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compute512(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        int dimension = panel.Length / Rows;
        ref float q = ref MemoryMarshal.GetReference(group), p = ref MemoryMarshal.GetReference(panel),
            s = ref MemoryMarshal.GetReference(products);
        Vector512<float> s0 = default, s1 = default;
        Vector512<float> s2 = default, s3 = default;
        Vector512<float> s4 = default, s5 = default;
        Vector512<float> s6 = default, s7 = default;
        Vector512<float> s8 = default, s9 = default;
        Vector512<float> s10 = default, s11 = default;
        for (int i = 0; i < dimension; i++)
        {
            Vector512<float> rows = Vector512.LoadUnsafe(ref p);
            Vector512<float> v = Vector512.Create(q);
            s0 = Vector512.FusedMultiplyAdd(v, rows, s0);
            v = Vector512.Create(Unsafe.Add(ref q, 1));
            s1 = Vector512.FusedMultiplyAdd(v, rows, s1);
            v = Vector512.Create(Unsafe.Add(ref q, 2));
            s2 = Vector512.FusedMultiplyAdd(v, rows, s2);
            v = Vector512.Create(Unsafe.Add(ref q, 3));
            s3 = Vector512.FusedMultiplyAdd(v, rows, s3);
            v = Vector512.Create(Unsafe.Add(ref q, 4));
            s4 = Vector512.FusedMultiplyAdd(v, rows, s4);
            v = Vector512.Create(Unsafe.Add(ref q, 5));
            s5 = Vector512.FusedMultiplyAdd(v, rows, s5);
            v = Vector512.Create(Unsafe.Add(ref q, 6));
            s6 = Vector512.FusedMultiplyAdd(v, rows, s6);
            v = Vector512.Create(Unsafe.Add(ref q, 7));
            s7 = Vector512.FusedMultiplyAdd(v, rows, s7);
            v = Vector512.Create(Unsafe.Add(ref q, 8));
            s8 = Vector512.FusedMultiplyAdd(v, rows, s8);
            v = Vector512.Create(Unsafe.Add(ref q, 9));
            s9 = Vector512.FusedMultiplyAdd(v, rows, s9);
            v = Vector512.Create(Unsafe.Add(ref q, 10));
            s10 = Vector512.FusedMultiplyAdd(v, rows, s10);
            v = Vector512.Create(Unsafe.Add(ref q, 11));
            s11 = Vector512.FusedMultiplyAdd(v, rows, s11);
            q = ref Unsafe.Add(ref q, Queries);
            p = ref Unsafe.Add(ref p, Rows);
        }

        s0.StoreUnsafe(ref s, 0 * Rows);
        s1.StoreUnsafe(ref s, 1 * Rows);
        s2.StoreUnsafe(ref s, 2 * Rows);
        s3.StoreUnsafe(ref s, 3 * Rows);
        s4.StoreUnsafe(ref s, 4 * Rows);
        s5.StoreUnsafe(ref s, 5 * Rows);
        s6.StoreUnsafe(ref s, 6 * Rows);
        s7.StoreUnsafe(ref s, 7 * Rows);
        s8.StoreUnsafe(ref s, 8 * Rows);
        s9.StoreUnsafe(ref s, 9 * Rows);
        s10.StoreUnsafe(ref s, 10 * Rows);
        s11.StoreUnsafe(ref s, 11 * Rows);
    }
}
