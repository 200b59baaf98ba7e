using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

internal static partial class Products
{
    // 16 registers hold 6 queries x 16 rows, the rows and a query's value. Sums are named one by one: the compiler keeps no array in
    // registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compute256(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        for (int query = 0; query < Queries; query += 6)
            ComputeTile256(group[query..], panel, products[(query * Rows)..], panel.Length / Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTile256(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products, int dimension)
    {
        ref float q = ref MemoryMarshal.GetReference(group), p = ref MemoryMarshal.GetReference(panel),
            s = ref MemoryMarshal.GetReference(products);
        Vector256<float> s0a = default, s0b = default, s1a = default, s1b = default;
        Vector256<float> s2a = default, s2b = default, s3a = default, s3b = default;
        Vector256<float> s4a = default, s4b = default, s5a = default, s5b = default;
        for (int i = 0; i < dimension; i++)
        {
            Vector256<float> a = Vector256.LoadUnsafe(ref p), b = Vector256.LoadUnsafe(ref p, (nuint)Vector256<float>.Count);
            Vector256<float> v = Vector256.Create(q);
            s0a = Vector256.FusedMultiplyAdd(v, a, s0a);
            s0b = Vector256.FusedMultiplyAdd(v, b, s0b);
            v = Vector256.Create(Unsafe.Add(ref q, 1));
            s1a = Vector256.FusedMultiplyAdd(v, a, s1a);
            s1b = Vector256.FusedMultiplyAdd(v, b, s1b);
            v = Vector256.Create(Unsafe.Add(ref q, 2));
            s2a = Vector256.FusedMultiplyAdd(v, a, s2a);
            s2b = Vector256.FusedMultiplyAdd(v, b, s2b);
            v = Vector256.Create(Unsafe.Add(ref q, 3));
            s3a = Vector256.FusedMultiplyAdd(v, a, s3a);
            s3b = Vector256.FusedMultiplyAdd(v, b, s3b);
            v = Vector256.Create(Unsafe.Add(ref q, 4));
            s4a = Vector256.FusedMultiplyAdd(v, a, s4a);
            s4b = Vector256.FusedMultiplyAdd(v, b, s4b);
            v = Vector256.Create(Unsafe.Add(ref q, 5));
            s5a = Vector256.FusedMultiplyAdd(v, a, s5a);
            s5b = Vector256.FusedMultiplyAdd(v, b, s5b);
            q = ref Unsafe.Add(ref q, Queries);
            p = ref Unsafe.Add(ref p, Rows);
        }

        s0a.StoreUnsafe(ref s, 0 * Rows);
        s0b.StoreUnsafe(ref s, 0 * Rows + 8);
        s1a.StoreUnsafe(ref s, 1 * Rows);
        s1b.StoreUnsafe(ref s, 1 * Rows + 8);
        s2a.StoreUnsafe(ref s, 2 * Rows);
        s2b.StoreUnsafe(ref s, 2 * Rows + 8);
        s3a.StoreUnsafe(ref s, 3 * Rows);
        s3b.StoreUnsafe(ref s, 3 * Rows + 8);
        s4a.StoreUnsafe(ref s, 4 * Rows);
        s4b.StoreUnsafe(ref s, 4 * Rows + 8);
        s5a.StoreUnsafe(ref s, 5 * Rows);
        s5b.StoreUnsafe(ref s, 5 * Rows + 8);
    }
}
