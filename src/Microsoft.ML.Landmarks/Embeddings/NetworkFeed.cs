using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Embeddings.Tensors;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>Hands images to a network in the type of values and the order of axes that it takes.</summary>
internal abstract class NetworkFeed
{
    private protected const int Channels = 3;

    public static NetworkFeed Of(NetworkInfo info) => (info.InputKind, info.IsChannelsLast) switch
    {
        (TensorKind.Single, false) => new Unchanged(),
        (TensorKind.Single, true) => new Converted<float>(true, (values, target) => values.CopyTo(target)),
        (TensorKind.Half, var isLast) => new Converted<Float16>(isLast,
            (values, target) => TensorValues.ToHalf(values, MemoryMarshal.Cast<Float16, Half>(target))),
        (TensorKind.BFloat16, var isLast) => new Converted<BFloat16>(isLast,
            (values, target) => TensorValues.ToBFloat16(values, MemoryMarshal.Cast<BFloat16, ushort>(target))),
        (_, var isLast) => new Converted<byte>(isLast, (values, target) =>
        {
            if (TensorValues.ToLevels(values, target) is { } wrong)
                throw Errors.NetworkLevels(info.InputName, wrong);
        }),
    };

    /// <summary>Does something with the tensor.</summary>
    /// <param name="images">Images [3, height, width], one after another.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="use">Is given the tensor, which lasts as long.</param>
    /// <exception cref="InvalidOperationException">The network takes levels, and a value is none.</exception>
    public abstract T Use<T>(Memory<float> images, int count, int height, int width, Func<OrtValue, T> use);

    private static T Use<TValue, T>(Memory<TValue> values, long[] shape, Func<OrtValue, T> use) where TValue : unmanaged
    {
        using var tensor = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape);
        return use(tensor);
    }

    private sealed class Unchanged : NetworkFeed
    {
        public override T Use<T>(Memory<float> images, int count, int height, int width, Func<OrtValue, T> use)
            => Use(images, [count, Channels, height, width], use);
    }

    private sealed class Converted<TValue>(bool isLast, Converted<TValue>.Conversion convert) : NetworkFeed where TValue : unmanaged
    {
        // One for each run that is at work.
        private readonly ConcurrentBag<AlignedArray<TValue>> _idle = [];

        public delegate void Conversion(ReadOnlySpan<float> values, Span<TValue> target);

        public override T Use<T>(Memory<float> images, int count, int height, int width, Func<OrtValue, T> use)
        {
            if (!_idle.TryTake(out AlignedArray<TValue>? values) || values.Length != images.Length)
                values = new AlignedArray<TValue>(images.Length);
            for (int image = 0; image < count; image++)
            {
                int length = images.Length / count, start = image * length;
                Convert(images.Span.Slice(start, length), values.Span.Slice(start, length));
            }

            T result = Use(values.Memory, isLast ? [count, height, width, Channels] : [count, Channels, height, width], use);
            _idle.Add(values);
            return result;
        }

        private void Convert(ReadOnlySpan<float> image, Span<TValue> target)
        {
            if (!isLast)
            {
                convert(image, target);
                return;
            }

            TValue[] planes = ArrayPool<TValue>.Shared.Rent(image.Length);
            convert(image, planes.AsSpan(0, image.Length));
            TensorValues.Interleave<TValue>(planes.AsSpan(0, image.Length), target);
            ArrayPool<TValue>.Shared.Return(planes);
        }
    }
}
