using System.Diagnostics;

namespace Landmarks.Demo.Serving;

/// <summary>
/// The body of a request that must keep coming. Kestrel's own limit is a mean since the body began: by that, who has sent some megabytes
/// may be silent for hours, and what was received is held.
/// </summary>
/// <param name="body">The body.</param>
internal sealed class SteadyBody(Stream body) : Stream
{
    /// <summary>So many bytes must come in each <see cref="Patience"/>.</summary>
    public const int LeastBytes = 1_200;

    private int _missing = LeastBytes;
    private TimeSpan _left = Patience;

    /// <summary>How long they may take. The time in which nothing is read does not count.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="RequestRefusedException">Too few bytes came.</exception>
    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(_left > TimeSpan.Zero ? _left : throw Errors.TooSlow(LeastBytes, Patience.TotalSeconds));
        long start = Stopwatch.GetTimestamp();
        try
        {
            int read = await body.ReadAsync(buffer, ending.Token);
            (_missing, _left) = read < _missing ? (_missing - read, _left - Stopwatch.GetElapsedTime(start)) : (LeastBytes, Patience);
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.TooSlow(LeastBytes, Patience.TotalSeconds);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
