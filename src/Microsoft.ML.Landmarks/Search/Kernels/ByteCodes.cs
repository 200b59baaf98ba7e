using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>Vectors of whole numbers that stand for vectors of Singles: x ≈ scale · codes.</summary>
internal static class ByteCodes
{
    // What scale · code is rounded by, 2^-24 of its length, and what of small squares is lost: enough for vectors up to 16 long, and
    // centered rows of unit length are at most 2.
    private const float LeastError = 1e-6f;

    // Below it 1 / scale isn't a finite number of use; vectors so short are zeros to the search.
    private const float LeastScale = 1e-9f;

    /// <summary>A scale that is fit to divide by.</summary>
    public static float Scale(float largest, int maxCode) => MathF.Max(largest / maxCode, LeastScale);

    /// <summary>Rounds values / scale to codes, and measures what that loses.</summary>
    /// <param name="values">[d], d a multiple of 32.</param>
    /// <param name="scale">At least 1e-9.</param>
    /// <param name="factor">What the values are multiplied with before they are rounded; 1, or less to keep codes short.</param>
    /// <param name="maxCode">The largest code; values beyond it are cut.</param>
    /// <param name="codes">[d], overwritten.</param>
    /// <returns>Upper bounds of |values - scale · codes| and of |scale · codes|.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Error, float Length) Quantize(ReadOnlySpan<float> values, float scale, float factor, int maxCode,
        Span<sbyte> codes)
    {
        Debug.Assert(values.Length == codes.Length && values.Length % Vector256<sbyte>.Count == 0);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref sbyte to = ref MemoryMarshal.GetReference(codes);
        Vector256<float> inverse = Vector256.Create(factor / scale), step = Vector256.Create(scale),
            limit = Vector256.Create((float)maxCode);
        Vector256<float> errors = default, squares = default;
        for (nuint i = 0; i < (nuint)values.Length; i += (nuint)Vector256<sbyte>.Count)
        {
            Vector256<int> a = Round(ref from, i), b = Round(ref from, i + 8), c = Round(ref from, i + 16), d = Round(ref from, i + 24);
            Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).StoreUnsafe(ref to, i);
        }

        return (UpperBound(Vector256.Sum(errors), values.Length), UpperBound(Vector256.Sum(squares), values.Length));

        Vector256<int> Round(ref float from, nuint i)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref from, i);
            Vector256<float> code = Vector256.Min(Vector256.Max(Vector256.Round(x * inverse), -limit), limit);
            Vector256<float> value = code * step, error = x - value;
            errors += error * error;
            squares += value * value;
            return Vector256.ConvertToInt32(code);
        }
    }

    /// <summary>
    /// As <see cref="Quantize(ReadOnlySpan{float}, float, float, int, Span{sbyte})"/> for <see cref="ByteProducts"/>: values are shortened
    /// until no lane of a chunk is longer than what its sums can hold.
    /// </summary>
    public static (float Error, float Length) QuantizeLanes(ReadOnlySpan<float> values, float scale, int maxCode, int maxLaneLength,
        Span<sbyte> codes)
    {
        float factor = 1;
        while (true)
        {
            (float Error, float Length) result = Quantize(values, scale, factor, maxCode, codes);
            float longest = MathF.Sqrt(LongestLane(codes));
            if (longest <= maxLaneLength)
                return result;
            // Rounding may lengthen a shortened vector: 4 % less than what would fit.
            factor *= 0.96f * maxLaneLength / longest;
        }
    }

    /// <summary>
    /// An upper bound of a length, from the sum of so many squares as it was measured. A sum of n squares in 8 lanes is off by at most n /
    /// 8 + 8 roundings, its root by half of that; the values themselves, the root and what follows are a few more. Twice that is allowed
    /// for.
    /// </summary>
    public static float UpperBound(float squares, int count)
        => MathF.Sqrt(squares) * (1 + (count / 8 + 16) * MathF.ScaleB(1, -24)) + LeastError;

    // The largest sum of squares of a lane of a chunk.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LongestLane(ReadOnlySpan<sbyte> codes)
    {
        int longest = 0;
        for (; !codes.IsEmpty; codes = codes[ByteProducts.CoordinatesInChunk..])
        {
            Vector256<int> lane0 = default, lane1 = default;
            for (int i = 0; i < ByteProducts.CoordinatesInChunk; i += Vector256<sbyte>.Count)
            {
                Vector256<sbyte> part = Vector256.Create(codes[i..]);
                Vector256<short> even = part.AsInt16() << 8 >> 8, odd = part.AsInt16() >> 8;
                // Of at most 127: the squares of a pair fit 16 bits. Pairs of both lanes alternate.
                Vector256<short> pairs = even * even + odd * odd;
                lane0 += pairs.AsInt32() << 16 >> 16;
                lane1 += pairs.AsInt32() >> 16;
            }

            longest = Math.Max(longest, Math.Max(Vector256.Sum(lane0), Vector256.Sum(lane1)));
        }

        return longest;
    }
}
