using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>
/// A rotation that spreads each value over many coordinates, so that vectors of few large values are quantised as well as others: signs by
/// chance, then the Walsh-Hadamard transform of blocks of the largest power of two that divides the dimension.
/// </summary>
internal sealed class Hadamard
{
    private readonly float[] _signs;
    private readonly int _block;

    public Hadamard(int dimension)
    {
        _block = dimension & -dimension;
        var random = new Random(12345);
        float scale = (float)(1 / Math.Sqrt(_block));
        _signs = new float[dimension];
        for (int i = 0; i < dimension; i++)
            _signs[i] = random.Next(2) == 0 ? scale : -scale;
    }

    /// <summary>How far a rotated vector is from the true one, at most, relative to its length: rounding of the scale, of a product and of
    /// each sum, 2^-24 each, and one more for what these are of one another.</summary>
    public double RelativeError => (BitOperations.Log2((uint)_block) + 3) * Math.ScaleB(1, -24);

    /// <summary>Rotates a vector in place. Shape: [d].</summary>
    public void Rotate(Span<float> vector)
    {
        TensorPrimitives.Multiply(vector, _signs, vector);
        for (int start = 0; start < vector.Length; start += _block)
        {
            Span<float> block = vector.Slice(start, _block);
            for (int half = 1; half < _block; half *= 2)
                Butterflies(block, half);
        }
    }

    /// <summary>Sums and differences of values that are <paramref name="half"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Butterflies(Span<float> block, int half)
    {
        ref float values = ref MemoryMarshal.GetReference(block);
        if (half >= Vector256<float>.Count)
        {
            for (int start = 0; start < block.Length; start += 2 * half)
            {
                for (int i = start; i < start + half; i += Vector256<float>.Count)
                {
                    Vector256<float> a = Vector256.LoadUnsafe(ref values, (nuint)i),
                        b = Vector256.LoadUnsafe(ref values, (nuint)(i + half));
                    (a + b).StoreUnsafe(ref values, (nuint)i);
                    (a - b).StoreUnsafe(ref values, (nuint)(i + half));
                }
            }
        }
        else if (block.Length >= Vector256<float>.Count)
        {
            // Within a vector: each value meets the one half places away; the second of a pair is taken off.
            Vector256<int> order = Vector256<int>.Indices ^ Vector256.Create(half);
            Vector256<float> sign = Vector256.ConditionalSelect(
                Vector256.Equals(Vector256<int>.Indices & Vector256.Create(half), Vector256<int>.Zero).AsSingle(), Vector256<float>.One,
                -Vector256<float>.One);
            for (int i = 0; i < block.Length; i += Vector256<float>.Count)
            {
                Vector256<float> a = Vector256.LoadUnsafe(ref values, (nuint)i);
                (Vector256.Shuffle(a, order) + sign * a).StoreUnsafe(ref values, (nuint)i);
            }
        }
        else
        {
            for (int start = 0; start < block.Length; start += 2 * half)
            {
                for (int i = start; i < start + half; i++)
                    (block[i], block[i + half]) = (block[i] + block[i + half], block[i] - block[i + half]);
            }
        }
    }
}
