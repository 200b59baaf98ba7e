using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The photographs of a batch, as the input column holds them, to be decoded by any thread.</summary>
internal abstract class ImageSource : IDisposable
{
    private const string InputTypes = "String (a path), Vector<Byte> (a file) or MLImage";

    /// <summary>The column with the photographs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public static DataViewSchema.Column GetColumn(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumn("image", name);
        bool isFile = column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte;
        return isFile || column.Type is TextDataViewType or ImageDataViewType
            ? column : throw Errors.ColumnType("image", name, InputTypes, column.Type.Describe());
    }

    /// <inheritdoc cref="GetColumn"/>
    public static void CheckColumn(SchemaShape shape, string name)
    {
        SchemaShape.Column column = shape.GetColumn("image", name);
        bool isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        if (isVector ? column.ItemType != NumberDataViewType.Byte : column.ItemType is not (TextDataViewType or ImageDataViewType))
            throw Errors.ColumnType("image", name, InputTypes, column.Describe());
    }

    public static ImageSource Create(DataViewRow input, DataViewSchema.Column column, ImagePreparationOptions preparation,
        ImageBuffers buffers, PassWarnings warnings, ResizedSides? resizedSides, int capacity)
        => column.Type switch
        {
            TextDataViewType => new Paths(input, column, preparation, buffers, resizedSides, capacity),
            ImageDataViewType => new Images(input, column, preparation, buffers, warnings, capacity),
            _ => new Files(input, column, preparation, buffers, resizedSides, capacity),
        };

    /// <summary>The bytes that the photographs which were read and not opened yet take.</summary>
    public virtual long HeldBytes => 0;

    /// <summary>Copies what the row at which the input stands holds.</summary>
    /// <exception cref="InvalidDataException">It is too large, or there is no memory for it.</exception>
    public abstract void Read(int slot);

    /// <summary>Opens a photograph, once after each <see cref="Read"/>; safe for several threads with different slots.</summary>
    /// <exception cref="InvalidDataException">It can't be read; the message does not name the row.</exception>
    public abstract PixelRows Open(int slot);

    public abstract void Dispose();

    private static bool IsUnreadable(Exception e)
        => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static FileBytes[] NewFiles(int count, ImageBuffers buffers)
    {
        var files = new FileBytes[count];
        for (int i = 0; i < count; i++)
            files[i] = new FileBytes(buffers.Files);
        return files;
    }

    private static void DisposeAll(FileBytes[] files)
    {
        foreach (FileBytes file in files)
            file.Dispose();
    }

    private sealed class Paths(DataViewRow input, DataViewSchema.Column column, ImagePreparationOptions preparation, ImageBuffers buffers,
        ResizedSides? resizedSides, int capacity) : ImageSource
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _get = input.GetGetter<ReadOnlyMemory<char>>(column);
        private readonly string[] _paths = new string[capacity];
        private readonly FileBytes[] _files = NewFiles(capacity, buffers);
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
                throw path.Contains("://", StringComparison.Ordinal) ? Errors.ImageIsAddress(path, e) : Errors.ImageMissing(path, e);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                throw Errors.ImageUnreadable(path, e);
            }

            return ImageDecoder.Open(file, preparation, buffers.Pixels, resizedSides);
        }

        public override void Dispose() => DisposeAll(_files);
    }

    private sealed class Files(DataViewRow input, DataViewSchema.Column column, ImagePreparationOptions preparation, ImageBuffers buffers,
        ResizedSides? resizedSides, int capacity) : ImageSource
    {
        private readonly VectorReader<byte> _reader = new(input, column);
        private readonly FileBytes[] _files = NewFiles(capacity, buffers);

        public override long HeldBytes => _files.Sum(file => (long)file.Length);

        public override void Read(int slot) => _files[slot].CopyFrom(_reader.Read());

        public override PixelRows Open(int slot)
            => _files[slot].Length > 0
            ? ImageDecoder.Open(_files[slot], preparation, buffers.Pixels, resizedSides) : throw Errors.NoImage();

        public override void Dispose() => DisposeAll(_files);
    }

    private sealed class Images(DataViewRow input, DataViewSchema.Column column, ImagePreparationOptions preparation,
        ImageBuffers buffers, PassWarnings warnings, int capacity) : ImageSource
    {
        private readonly ImageReader _reader = new(input.GetGetter<MLImage>(column));
        private readonly PixelImage?[] _images = new PixelImage?[capacity];

        public override long HeldBytes => _images.Sum(image => (long?)image?.Pixels.Length) ?? 0;

        public override void Read(int slot)
        {
            _images[slot]?.Dispose();
            _images[slot] = _reader.Read(Copy);
        }

        public override PixelRows Open(int slot)
        {
            PixelImage image = _images[slot] ?? throw Errors.NoImage();
            _images[slot] = null;
            return image;
        }

        public override void Dispose()
        {
            _reader.Dispose();
            foreach (PixelImage? image in _images)
                image?.Dispose();
        }

        private PixelImage Copy(MLImage image)
        {
            Orientation? orientation = preparation.ApplyOrientation ? OrientationByTag(image.Tag) : default(Orientation);
            if (preparation.ApplyOrientation)
                warnings.AddDecodedImage(isOrientationKnown: orientation is not null);
            PixelImage copy = PixelImage.From(image, orientation ?? default, buffers.Files);
            if (preparation.ComposeOnWhite)
                Transparency.ComposeOnWhite(copy.Pixels);
            return copy;
        }

        // An MLImage has no orientation, but LoadImages keeps the path of its file here, and ResizeImages hands it on. Null where it names
        // no image.
        private Orientation? OrientationByTag(string? tag)
        {
            using var file = new FileBytes(buffers.Files);
            try
            {
                if (!string.IsNullOrEmpty(tag))
                    file.Read(tag);
            }
            catch (Exception e) when (IsUnreadable(e) || e is InvalidDataException)
            {
                return null;
            }

            return ImageKinds.Of(file.Bytes) is { } kind ? Orientation.Of(StoredOrientation.Of(kind, file.Bytes)) : null;
        }
    }
}
