using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Embeddings.Tensors;

/// <summary>Values from the type and the order in which this library has them to those of a network, and back.</summary>
internal static partial class TensorValues
{
    // What is no whole number after it was divided by 255 and multiplied again.
    private const float Tolerance = 1e-3f;

    private const int Channels = 3;

    /// <summary>To half precision, to the nearest, of two the even one.</summary>
    public static void ToHalf(ReadOnlySpan<float> values, Span<Half> halves) => TensorPrimitives.ConvertToHalf(values, halves);

    /// <inheritdoc cref="ToHalf"/>
    public static void FromHalf(ReadOnlySpan<Half> halves, Span<float> values) => TensorPrimitives.ConvertToSingle(halves, values);

    /// <summary>To the upper half of single precision, to the nearest, of two the even one; what is NaN stays that.</summary>
    public static void ToBFloat16(ReadOnlySpan<float> values, Span<ushort> upper)
    {
        int done = Vector128.IsHardwareAccelerated ? ToBFloat16Vectors(values, upper) : 0;
        for (int i = done; i < values.Length; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            upper[i] = (ushort)((float.IsNaN(values[i]) ? bits | Quiet : bits + Almost + (bits >> 16 & 1)) >> 16);
        }
    }

    public static void FromBFloat16(ReadOnlySpan<ushort> upper, Span<float> values)
    {
        int done = Vector128.IsHardwareAccelerated ? FromBFloat16Vectors(upper, values) : 0;
        for (int i = done; i < upper.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
    }

    /// <summary>Levels to bytes.</summary>
    /// <param name="values">Whole numbers from 0 to 255, but for what rounding leaves.</param>
    /// <param name="levels">As many, overwritten.</param>
    /// <returns>A value that is no level; null where all are.</returns>
    public static float? ToLevels(ReadOnlySpan<float> values, Span<byte> levels)
    {
        int done = Vector128.IsHardwareAccelerated ? ToLevelsVectors(values, levels) : 0;
        for (int i = done; i < values.Length; i++)
        {
            float whole = MathF.Round(values[i]);
            if (!(Math.Abs(values[i] - whole) <= Tolerance && whole is >= 0 and <= byte.MaxValue))
                return values[i];
            levels[i] = (byte)whole;
        }

        return null;
    }

    public static void FromBytes(ReadOnlySpan<byte> bytes, Span<float> values)
        => TensorPrimitives.ConvertChecked(bytes, values);

    /// <summary>Three planes, one after another, to pixels of three values. No overlap.</summary>
    public static void Interleave<T>(ReadOnlySpan<T> planes, Span<T> pixels) where T : unmanaged
    {
        int plane = planes.Length / Channels;
        int done = Vector128.IsHardwareAccelerated
            ? InterleaveVectors(MemoryMarshal.AsBytes(planes), MemoryMarshal.AsBytes(pixels), Marshal.SizeOf<T>()) : 0;
        for (int i = done; i < plane; i++)
        {
            for (int channel = 0; channel < Channels; channel++)
                pixels[i * Channels + channel] = planes[channel * plane + i];
        }
    }
}
