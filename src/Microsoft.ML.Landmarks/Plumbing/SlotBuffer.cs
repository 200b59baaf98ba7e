using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Holds the values of one input column for the rows of a batch, so that the column is evaluated once a row.</summary>
internal abstract class SlotBuffer : IDisposable
{
    public static SlotBuffer Create(DataViewRow input, DataViewSchema.Column column, int capacity)
    {
        Type type = column.Type.RawType;
        Type buffer = type == typeof(MLImage) ? typeof(ImageBuffer)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(VectorBuffer<>).MakeGenericType(type.GetGenericArguments())
            : typeof(ValueBuffer<>).MakeGenericType(type);
        return (SlotBuffer)Activator.CreateInstance(buffer, input, column, capacity)!;
    }

    /// <summary>Copies the value of the row at which the input stands.</summary>
    public abstract void Read(int slot);

    /// <summary>The bytes of the value of a row, where they may be many.</summary>
    public virtual long BytesOf(int slot) => 0;

    /// <summary>A <see cref="SlotGetter{T}"/> of the column's raw type.</summary>
    public abstract Delegate GetGetter();

    public virtual void Dispose() { }

    private sealed class ValueBuffer<T>(DataViewRow input, DataViewSchema.Column column, int capacity) : SlotBuffer
    {
        private readonly ValueGetter<T> _get = input.GetGetter<T>(column);
        private readonly T[] _values = new T[capacity];

        public override void Read(int slot) => _get(ref _values[slot]);

        public override Delegate GetGetter() => (SlotGetter<T>)((int slot, ref T value) => value = _values[slot]);
    }

    private sealed class VectorBuffer<T>(DataViewRow input, DataViewSchema.Column column, int capacity) : SlotBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _get = input.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Read(int slot) => _get(ref _values[slot]);

        public override long BytesOf(int slot) => (long)_values[slot].GetValues().Length * Unsafe.SizeOf<T>();

        // A copy: the consumer owns what it is given, and may write into it.
        public override Delegate GetGetter()
            => (SlotGetter<VBuffer<T>>)((int slot, ref VBuffer<T> value) => _values[slot].CopyTo(ref value));
    }

    private sealed class ImageBuffer(DataViewRow input, DataViewSchema.Column column, int capacity) : SlotBuffer
    {
        private readonly ImageReader _reader = new(input.GetGetter<MLImage>(column));
        private readonly MLImage?[] _values = new MLImage?[capacity];

        // Getters of images may hand the same object on to several columns. So what is read is copied for the batch at once, and copied
        // again for each consumer.
        public override void Read(int slot)
        {
            _values[slot]?.Dispose();
            _values[slot] = _reader.Read(Copy);
        }

        public override long BytesOf(int slot) => _values[slot]?.Pixels.Length ?? 0;

        public override Delegate GetGetter() => (SlotGetter<MLImage>)((int slot, ref MLImage value) =>
        {
            value?.Dispose();
            value = _values[slot] is { } image ? Copy(image) : null!;
        });

        public override void Dispose()
        {
            _reader.Dispose();
            foreach (MLImage? image in _values)
                image?.Dispose();
            base.Dispose();
        }

        private static MLImage Copy(MLImage image)
        {
            var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
            copy.Tag = image.Tag;
            return copy;
        }
    }
}
