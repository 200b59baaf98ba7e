using System.Buffers;
using System.Security.Cryptography;

namespace Landmarks.Demo.Caching;

/// <summary>The bytes of a photograph's file and their SHA-256, of one reading: what is embedded is what was hashed.</summary>
/// <param name="row">The photograph's row.</param>
/// <param name="path">The file.</param>
internal sealed class HashedPhotograph(long row, string path) : IDisposable
{
    /// <summary>The most bytes of a file that are read; the library reads no longer photograph.</summary>
    private const int MostBytes = 512 << 20;

    private static readonly FileStreamOptions s_reading = new() { BufferSize = 0, Options = FileOptions.SequentialScan };

    private readonly int _expectedLength = LengthOf(path);
    private byte[] _buffer = [];
    private int _length;

    public long Row => row;

    public string Path => path;

    /// <summary>How many bytes there are to read; 0 where there is nothing to hash.</summary>
    public int ExpectedLength => _expectedLength;

    /// <summary>Null where there is none: the file can't be read, or is no plain file. What is wrong with it, the steps tell that read
    /// it by its name.</summary>
    public byte[]? Hash { get; private set; }

    /// <summary>What <see cref="Hash"/> is of.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads and hashes the file.</summary>
    public void Read()
    {
        if (_expectedLength == 0)
            return;
        try
        {
            using var file = new FileStream(path, s_reading);
            // One byte more: a buffer that is not filled shows that the end was reached.
            _buffer = ArrayPool<byte>.Shared.Rent(_expectedLength + 1);
            _length = file.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);
            if (_length < _buffer.Length)
                Hash = SHA256.HashData(Bytes);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // As above.
        }
    }

    /// <summary>Gives the bytes back.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    // Opening a pipe would wait for who writes to it; pipes and devices have no length.
    private static int LengthOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists && file.Length <= MostBytes ? (int)file.Length : 0;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return 0;
        }
    }

    private static bool IsUnreadable(Exception e)
        => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
