using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

internal static partial class Products
{
    // 6 queries x 8 rows, the rows and a query's value are 15 registers, which any processor has. Sums are named one by one: the compiler
    // keeps no array in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compute128(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products)
    {
        for (int row = 0; row < Rows; row += 2 * Vector128<float>.Count)
        {
            for (int query = 0; query < Queries; query += 6)
                ComputeTile128(group[query..], panel[row..], products[(query * Rows + row)..], panel.Length / Rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeTile128(ReadOnlySpan<float> group, ReadOnlySpan<float> panel, Span<float> products, int dimension)
    {
        ref float q = ref MemoryMarshal.GetReference(group), p = ref MemoryMarshal.GetReference(panel),
            s = ref MemoryMarshal.GetReference(products);
        Vector128<float> s0a = default, s0b = default, s1a = default, s1b = default;
        Vector128<float> s2a = default, s2b = default, s3a = default, s3b = default;
        Vector128<float> s4a = default, s4b = default, s5a = default, s5b = default;
        for (int i = 0; i < dimension; i++)
        {
            Vector128<float> a = Vector128.LoadUnsafe(ref p), b = Vector128.LoadUnsafe(ref p, (nuint)Vector128<float>.Count);
            Vector128<float> v = Vector128.Create(q);
            s0a = Vector128.MultiplyAddEstimate(v, a, s0a);
            s0b = Vector128.MultiplyAddEstimate(v, b, s0b);
            v = Vector128.Create(Unsafe.Add(ref q, 1));
            s1a = Vector128.MultiplyAddEstimate(v, a, s1a);
            s1b = Vector128.MultiplyAddEstimate(v, b, s1b);
            v = Vector128.Create(Unsafe.Add(ref q, 2));
            s2a = Vector128.MultiplyAddEstimate(v, a, s2a);
            s2b = Vector128.MultiplyAddEstimate(v, b, s2b);
            v = Vector128.Create(Unsafe.Add(ref q, 3));
            s3a = Vector128.MultiplyAddEstimate(v, a, s3a);
            s3b = Vector128.MultiplyAddEstimate(v, b, s3b);
            v = Vector128.Create(Unsafe.Add(ref q, 4));
            s4a = Vector128.MultiplyAddEstimate(v, a, s4a);
            s4b = Vector128.MultiplyAddEstimate(v, b, s4b);
            v = Vector128.Create(Unsafe.Add(ref q, 5));
            s5a = Vector128.MultiplyAddEstimate(v, a, s5a);
            s5b = Vector128.MultiplyAddEstimate(v, b, s5b);
            q = ref Unsafe.Add(ref q, Queries);
            p = ref Unsafe.Add(ref p, Rows);
        }

        s0a.StoreUnsafe(ref s, 0 * Rows);
        s0b.StoreUnsafe(ref s, 0 * Rows + 4);
        s1a.StoreUnsafe(ref s, 1 * Rows);
        s1b.StoreUnsafe(ref s, 1 * Rows + 4);
        s2a.StoreUnsafe(ref s, 2 * Rows);
        s2b.StoreUnsafe(ref s, 2 * Rows + 4);
        s3a.StoreUnsafe(ref s, 3 * Rows);
        s3b.StoreUnsafe(ref s, 3 * Rows + 4);
        s4a.StoreUnsafe(ref s, 4 * Rows);
        s4b.StoreUnsafe(ref s, 4 * Rows + 4);
        s5a.StoreUnsafe(ref s, 5 * Rows);
        s5b.StoreUnsafe(ref s, 5 * Rows + 4);
    }
}
