using System.Buffers;
using System.Security.Cryptography;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Passes bytes to or from another stream and takes their SHA-256 on another core meanwhile: hashing takes as long as writing a file.
/// </summary>
internal sealed class HashingStream(Stream inner) : Stream
{
    // So many that neither core waits for the other where it is late at times.
    private const int BufferLength = 1 << 20, BufferCount = 4;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    // One is filled while those before it are hashed, in their order. They are shared with other streams: a model has many entries, most of
    // which are short.
    private readonly byte[]?[] _buffers = new byte[BufferCount][];
    private readonly Task[] _hashings = [.. Enumerable.Repeat(Task.CompletedTask, BufferCount)];
    private int _filling;
    private int _filled;
    private Task _hashing = Task.CompletedTask;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The SHA-256 of what has passed; nothing may pass afterwards.</summary>
    public byte[] GetHash()
    {
        HashFilled();
        _hashing.Wait();
        return _hash.GetHashAndReset();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Hash(buffer[..read]);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Hash(buffer);
        inner.Write(buffer);
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hashing.Wait();
            _hash.Dispose();
            foreach (byte[] buffer in _buffers.OfType<byte[]>())
                ArrayPool<byte>.Shared.Return(buffer);
            Array.Clear(_buffers);
        }

        base.Dispose(disposing);
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(bytes.Length, BufferLength - _filled);
            byte[] buffer = _buffers[_filling] ??= ArrayPool<byte>.Shared.Rent(BufferLength);
            bytes[..count].CopyTo(buffer.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
            if (_filled == BufferLength)
                HashFilled();
        }
    }

    private void HashFilled()
    {
        byte[] bytes = _buffers[_filling] ?? [];
        int count = _filled;
        _filled = 0;
        _hashing = _hashing.ContinueWith(_ => _hash.AppendData(bytes, 0, count), TaskScheduler.Default);
        _hashings[_filling] = _hashing;
        _filling = (_filling + 1) % BufferCount;
        _hashings[_filling].Wait();
    }
}
