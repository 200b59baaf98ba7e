using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks;

/// <summary>The photographs of a batch, as the input column holds them, to be decoded by any thread.</summary>
internal abstract class ImageSource : IDisposable
{
    public static ImageSource Create(DataViewRow input, DataViewSchema.Column column, bool applyOrientation, int capacity) => column.Type switch
    {
        TextDataViewType => new Paths(input, column, applyOrientation, capacity),
        ImageDataViewType => new Images(input, column, capacity),
        _ => new Files(input, column, applyOrientation, capacity),
    };

    /// <summary>Copies what the row at which the input stands holds.</summary>
    public abstract void Read(int slot);

    /// <summary>Opens a photograph, once after each <see cref="Read"/>; safe for several threads with different slots.</summary>
    /// <exception cref="InvalidDataException">It can't be read; the message does not name the row.</exception>
    public abstract PixelRows Open(int slot);

    public abstract void Dispose();

    private static FileBytes[] NewFiles(int count)
    {
        var files = new FileBytes[count];
        for (int i = 0; i < count; i++)
            files[i] = new FileBytes();
        return files;
    }

    private static void DisposeAll(FileBytes[] files)
    {
        foreach (FileBytes file in files)
            file.Dispose();
    }

    private sealed class Paths(DataViewRow input, DataViewSchema.Column column, bool applyOrientation, int capacity) : ImageSource
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _get = input.GetGetter<ReadOnlyMemory<char>>(column);
        private readonly string[] _paths = new string[capacity];
        private readonly FileBytes[] _files = NewFiles(capacity);
        private ReadOnlyMemory<char> _read;

        public override void Read(int slot)
        {
            _get(ref _read);
            _paths[slot] = _read.ToString();
        }

        public override PixelRows Open(int slot)
        {
            string path = _paths[slot];
            if (path.Length == 0)
                throw Errors.NoImage();
            FileBytes file = _files[slot];
            try
            {
                file.Read(path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw Errors.ImageMissing(path, e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw Errors.ImageUnreadable(path, e);
            }

            return ImageDecoder.Open(file, applyOrientation);
        }

        public override void Dispose() => DisposeAll(_files);
    }

    private sealed class Files(DataViewRow input, DataViewSchema.Column column, bool applyOrientation, int capacity) : ImageSource
    {
        private readonly ValueGetter<VBuffer<byte>> _get = input.GetGetter<VBuffer<byte>>(column);
        private readonly FileBytes[] _files = NewFiles(capacity);
        private VBuffer<byte> _read;

        public override void Read(int slot)
        {
            _get(ref _read);
            _files[slot].CopyFrom(_read);
        }

        public override PixelRows Open(int slot)
            => _files[slot].Length > 0 ? ImageDecoder.Open(_files[slot], applyOrientation) : throw Errors.NoImage();

        public override void Dispose() => DisposeAll(_files);
    }

    private sealed class Images(DataViewRow input, DataViewSchema.Column column, int capacity) : ImageSource
    {
        private readonly ValueGetter<MLImage> _get = input.GetGetter<MLImage>(column);
        private readonly PixelImage?[] _images = new PixelImage?[capacity];
        private MLImage? _read;

        // Copied at once: the getter disposes the image that it overwrites, and that image may be shared with other columns.
        public override void Read(int slot)
        {
            _get(ref _read!);
            _images[slot]?.Dispose();
            _images[slot] = _read is null ? null : PixelImage.From(_read);
        }

        public override PixelRows Open(int slot)
        {
            PixelImage image = _images[slot] ?? throw Errors.NoImage();
            _images[slot] = null;
            return image;
        }

        public override void Dispose()
        {
            _read?.Dispose();
            foreach (PixelImage? image in _images)
                image?.Dispose();
        }
    }
}
