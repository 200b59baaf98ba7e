using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks;

internal static partial class Products
{
    // 32 registers hold 12 queries x 32 rows, the rows and a query's value. Sums are named one by one: the compiler keeps no array in registers.
    private static void Compute512(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        int dimension = panel.Length / Rows;
        ref float q = ref MemoryMarshal.GetReference(group), p = ref MemoryMarshal.GetReference(panel), s = ref MemoryMarshal.GetReference(products);
        Vector512<float> s0a = default, s0b = default, s1a = default, s1b = default;
        Vector512<float> s2a = default, s2b = default, s3a = default, s3b = default;
        Vector512<float> s4a = default, s4b = default, s5a = default, s5b = default;
        Vector512<float> s6a = default, s6b = default, s7a = default, s7b = default;
        Vector512<float> s8a = default, s8b = default, s9a = default, s9b = default;
        Vector512<float> s10a = default, s10b = default, s11a = default, s11b = default;
        for (int i = 0; i < dimension; i++)
        {
            Vector512<float> a = Vector512.LoadUnsafe(ref p), b = Vector512.LoadUnsafe(ref p, (nuint)Vector512<float>.Count);
            Vector512<float> v = Vector512.Create(q);
            s0a = Vector512.FusedMultiplyAdd(v, a, s0a);
            s0b = Vector512.FusedMultiplyAdd(v, b, s0b);
            v = Vector512.Create(Unsafe.Add(ref q, 1));
            s1a = Vector512.FusedMultiplyAdd(v, a, s1a);
            s1b = Vector512.FusedMultiplyAdd(v, b, s1b);
            v = Vector512.Create(Unsafe.Add(ref q, 2));
            s2a = Vector512.FusedMultiplyAdd(v, a, s2a);
            s2b = Vector512.FusedMultiplyAdd(v, b, s2b);
            v = Vector512.Create(Unsafe.Add(ref q, 3));
            s3a = Vector512.FusedMultiplyAdd(v, a, s3a);
            s3b = Vector512.FusedMultiplyAdd(v, b, s3b);
            v = Vector512.Create(Unsafe.Add(ref q, 4));
            s4a = Vector512.FusedMultiplyAdd(v, a, s4a);
            s4b = Vector512.FusedMultiplyAdd(v, b, s4b);
            v = Vector512.Create(Unsafe.Add(ref q, 5));
            s5a = Vector512.FusedMultiplyAdd(v, a, s5a);
            s5b = Vector512.FusedMultiplyAdd(v, b, s5b);
            v = Vector512.Create(Unsafe.Add(ref q, 6));
            s6a = Vector512.FusedMultiplyAdd(v, a, s6a);
            s6b = Vector512.FusedMultiplyAdd(v, b, s6b);
            v = Vector512.Create(Unsafe.Add(ref q, 7));
            s7a = Vector512.FusedMultiplyAdd(v, a, s7a);
            s7b = Vector512.FusedMultiplyAdd(v, b, s7b);
            v = Vector512.Create(Unsafe.Add(ref q, 8));
            s8a = Vector512.FusedMultiplyAdd(v, a, s8a);
            s8b = Vector512.FusedMultiplyAdd(v, b, s8b);
            v = Vector512.Create(Unsafe.Add(ref q, 9));
            s9a = Vector512.FusedMultiplyAdd(v, a, s9a);
            s9b = Vector512.FusedMultiplyAdd(v, b, s9b);
            v = Vector512.Create(Unsafe.Add(ref q, 10));
            s10a = Vector512.FusedMultiplyAdd(v, a, s10a);
            s10b = Vector512.FusedMultiplyAdd(v, b, s10b);
            v = Vector512.Create(Unsafe.Add(ref q, 11));
            s11a = Vector512.FusedMultiplyAdd(v, a, s11a);
            s11b = Vector512.FusedMultiplyAdd(v, b, s11b);
            q = ref Unsafe.Add(ref q, Queries);
            p = ref Unsafe.Add(ref p, Rows);
        }

        Store512(s0a, s0b, ref s, 0);
        Store512(s1a, s1b, ref s, 1);
        Store512(s2a, s2b, ref s, 2);
        Store512(s3a, s3b, ref s, 3);
        Store512(s4a, s4b, ref s, 4);
        Store512(s5a, s5b, ref s, 5);
        Store512(s6a, s6b, ref s, 6);
        Store512(s7a, s7b, ref s, 7);
        Store512(s8a, s8b, ref s, 8);
        Store512(s9a, s9b, ref s, 9);
        Store512(s10a, s10b, ref s, 10);
        Store512(s11a, s11b, ref s, 11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store512(Vector512<float> a, Vector512<float> b, ref float products, int query)
    {
        a.StoreUnsafe(ref products, (nuint)(query * Rows));
        b.StoreUnsafe(ref products, (nuint)(query * Rows + Vector512<float>.Count));
    }
}
