using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Embeddings.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>What a network made, in single precision.</summary>
internal static class NetworkValues
{
    /// <summary>Does something with the values.</summary>
    public static void Use(OrtValue output, TensorKind kind, Action<ReadOnlySpan<float>> use)
    {
        switch (kind)
        {
            case TensorKind.Single:
                use(output.GetTensorDataAsSpan<float>());
                return;
            case TensorKind.Half:
                Convert(MemoryMarshal.Cast<Float16, Half>(output.GetTensorDataAsSpan<Float16>()), TensorValues.FromHalf, use);
                return;
            case TensorKind.BFloat16:
                Convert(MemoryMarshal.Cast<BFloat16, ushort>(output.GetTensorDataAsSpan<BFloat16>()), TensorValues.FromBFloat16, use);
                return;
            default:
                Convert(output.GetTensorDataAsSpan<byte>(), TensorValues.FromBytes, use);
                return;
        }
    }

    private static void Convert<T>(ReadOnlySpan<T> values, Action<ReadOnlySpan<T>, Span<float>> convert, Action<ReadOnlySpan<float>> use)
    {
        float[] converted = ArrayPool<float>.Shared.Rent(values.Length);
        convert(values, converted);
        use(converted.AsSpan(0, values.Length));
        ArrayPool<float>.Shared.Return(converted);
    }
}
