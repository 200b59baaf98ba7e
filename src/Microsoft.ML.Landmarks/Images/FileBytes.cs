using System.Formats.Tar;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Files;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The bytes of one file after another, each in a buffer of the step that goes back when the file is decoded.</summary>
internal sealed class FileBytes(BufferPool buffers) : IDisposable
{
    /// <summary>The most bytes of a file: more than a camera makes, and too few to take a machine's memory.</summary>
    public const int MostBytes = 512 << 20;

    // What is no photograph is read so far that it can be called by its name.
    private const int MostForeignBytes = 1 << 20;
    private const int SmallestBuffer = 4096;

    private static readonly FileStreamOptions s_reading = new() { BufferSize = 0, Options = FileOptions.SequentialScan };

    private byte[] _buffer = [];
    private string? _path;

    public int Length { get; private set; }

    public byte[] Buffer => _buffer;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>What messages call the file.</summary>
    public string Name => _path is null ? $"a file of {Length} bytes" : $"'{_path}'";

    /// <summary>The bytes of a stream from where it stands; of too many, so many that <see cref="CopyFrom"/> finds it.</summary>
    public static byte[] ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[SmallestBuffer];
        for (int read; bytes.Length <= MostBytes && (read = stream.Read(buffer)) > 0;)
            bytes.Write(buffer, 0, read);
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">There are too many.</exception>
    public void CopyFrom(in VBuffer<byte> bytes)
    {
        _path = null;
        Length = bytes.Length;
        CheckLength(Length);
        Rent(Length);
        bytes.CopyTo(_buffer);
        Length = bytes.Length;
    }

    /// <summary>
    /// Reads a file to its end, wherever that is: the length is a first guess only, for a file may grow, shrink or claim none. Of one that
    /// begins like no photograph the beginning is read.
    /// </summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidDataException">It is no regular file, or too large.</exception>
    public void Read(string path)
    {
        _path = path;
        Length = 0;
        // Opening a pipe waits for who writes to it, and a device may have no end.
        if (IsNoRegularFile(path))
            throw Errors.NotAFile(Name);
        using var file = new FileStream(path, s_reading);
        Span<byte> start = stackalloc byte[ImageKinds.SignatureLength];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        bool isForeign = ImageKinds.Of(start) is null;
        long length = file.CanSeek ? file.Length : 0;
        if (!isForeign)
            CheckLength(length);
        // One byte more: a buffer that is not filled shows that the end was reached.
        Rent((int)Math.Clamp(length + 1, SmallestBuffer, isForeign ? MostForeignBytes : MostBytes + 1L));
        start.CopyTo(_buffer);
        Length = start.Length;
        for (int read; (read = file.Read(_buffer, Length, _buffer.Length - Length)) > 0;)
        {
            Length += read;
            if (Length < _buffer.Length)
                continue;
            if (isForeign)
                return;
            CheckLength(Length);
            Grow();
        }
    }

    public void Dispose()
    {
        Length = 0;
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            buffers.Return(buffer);
    }

    private static bool IsNoRegularFile(string path)
    {
        var file = new FileInfo(path);
        // Of what isn't there, and of folders, opening tells.
        if (!file.Exists)
            return false;
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
        {
            // What the shell and /dev/stdin link to may have no name, and is there all the same.
            if (!target.Exists)
                return FileStatus.Of(path) is not null;
            file = (FileInfo)target;
        }

        return file.Length == 0 && IsPipeOrDevice(file.FullName);
    }

    // What packs files is what of .NET tells their kinds without opening them.
    private static bool IsPipeOrDevice(string path)
    {
        try
        {
            using var archive = new MemoryStream();
            using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
                writer.WriteEntry(path, "file");
            archive.Position = 0;
            using var reader = new TarReader(archive);
            return reader.GetNextEntry()?.EntryType != TarEntryType.RegularFile;
        }
        // A socket can't be packed.
        catch (IOException)
        {
            return true;
        }
    }

    private void CheckLength(long length)
    {
        if (length > MostBytes)
            throw Errors.FileTooLarge(Name, length, MostBytes);
    }

    private void Rent(int length)
    {
        if (_buffer.Length >= length)
            return;
        Dispose();
        _buffer = RentBuffer(length);
    }

    private void Grow()
    {
        byte[] larger = RentBuffer((int)Math.Min(2L * Length, MostBytes + 1L));
        _buffer.CopyTo(larger, 0);
        buffers.Return(_buffer);
        _buffer = larger;
    }

    private byte[] RentBuffer(int length)
    {
        try
        {
            return buffers.Rent(length);
        }
        catch (OutOfMemoryException e)
        {
            throw Errors.FileMemory(Name, length, e);
        }
    }
}
