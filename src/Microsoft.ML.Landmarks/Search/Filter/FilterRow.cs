using System.Numerics.Tensors;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>A vector with all its coordinates quantised: what its products can be off by.</summary>
/// <param name="Offset">What is added to the product of the centered vectors: row · mean - penalty of a row, query · mean - mean · mean of
/// a query.</param>
/// <param name="Scale">Size of a code.</param>
/// <param name="Error">An upper bound of the length of what quantising loses.</param>
/// <param name="Length">An upper bound of the length of the quantised vector.</param>
internal readonly record struct FilterRow(double Offset, float Scale, float Error, float Length)
{
    /// <param name="rotated">[D], all coordinates.</param>
    /// <param name="offset">See <see cref="Offset"/>.</param>
    /// <param name="codes">[D], overwritten.</param>
    public static FilterRow Quantize(ReadOnlySpan<float> rotated, double offset, Span<sbyte> codes)
    {
        float scale = ByteCodes.Scale(MathF.Abs(TensorPrimitives.MaxMagnitude(rotated)), ByteProducts.MaxRowCode);
        (float error, float length) = ByteCodes.Quantize(rotated, scale, 1, ByteProducts.MaxRowCode, codes);
        return new FilterRow(offset, scale, error, length);
    }
}
