using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>Writes to another stream and remembers what failed: ML.NET drops the errors that end a model zip.</summary>
internal sealed class OutputStream(Stream target) : Stream
{
    private ExceptionDispatchInfo? _failure;

    public override bool CanRead => false;

    // Some devices can be sought in and forget what they are told.
    public override bool CanSeek { get; }
        = target is FileStream { CanSeek: true } file && FileStatus.Of(file.SafeFileHandle)?.Kind is null or FileKind.Plain;

    public override bool CanWrite => true;

    public override long Length => target.Length;

    public override long Position { get => target.Position; set => target.Position = value; }

    /// <summary>Writes what is left in memory.</summary>
    /// <exception cref="IOException">That failed, or something did before.</exception>
    public void Complete()
    {
        Flush();
        _failure?.Throw();
    }

    public override void Flush() => Remember(target.Flush);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => target.Seek(offset, origin);

    public override void SetLength(long value) => target.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count) => Remember(() => target.Write(buffer, offset, count));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        try
        {
            target.Dispose();
        }
        catch (IOException)
        {
            // Of a file that is to be kept, nothing is left to be written by now.
        }
    }

    private void Remember(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e)
        {
            _failure ??= ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }
}
