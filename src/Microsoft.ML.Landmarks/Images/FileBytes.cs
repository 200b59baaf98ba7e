using System.Buffers;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks;

/// <summary>The bytes of one file after another, each in a pooled buffer that goes back when the file is decoded.</summary>
internal sealed class FileBytes : IDisposable
{
    private const int SmallestBuffer = 4096;

    private byte[] _buffer = [];
    private string? _path;

    public int Length { get; private set; }

    public byte[] Buffer => _buffer;

    /// <summary>What messages call the file.</summary>
    public string Name => _path is null ? $"a file of {Length} bytes" : $"'{_path}'";

    public void CopyFrom(in VBuffer<byte> bytes)
    {
        _path = null;
        Rent(bytes.Length);
        bytes.CopyTo(_buffer);
        Length = bytes.Length;
    }

    /// <summary>Reads a file to its end, wherever that is: the length is a first guess only, for a file may grow, shrink or be a pipe.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public void Read(string path)
    {
        _path = path;
        using var file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        // One byte more: a buffer that is not filled shows that the end was reached.
        Rent((int)Math.Clamp((file.CanSeek ? file.Length : 0) + 1, SmallestBuffer, Array.MaxLength));
        int length = 0, read;
        while ((read = file.Read(_buffer, length, _buffer.Length - length)) > 0)
        {
            length += read;
            if (length == _buffer.Length)
                Grow();
        }

        Length = length;
    }

    public void Dispose()
    {
        Length = 0;
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Rent(int length)
    {
        if (_buffer.Length >= length)
            return;
        Dispose();
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }

    private void Grow()
    {
        if (_buffer.Length == Array.MaxLength)
            throw new IOException($"it has more than {Array.MaxLength} bytes.");
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, Array.MaxLength));
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
