using System.Text;

namespace Landmarks.Demo.Output;

/// <summary>
/// Writes on where writing fails, as to a full disk or a closed descriptor: hours of work are worth more than what is said of them. The
/// program tells at its end.
/// </summary>
internal sealed class LastingWriter(TextWriter target) : TextWriter
{
    /// <summary>What failed first; null where nothing did.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => target.Encoding;

    public override void Write(char value) => Try(() => target.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => target.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => target.Write(value));

    // At once, so that lines of two threads do not mix.
    public override void WriteLine(string? value) => Try(() => target.WriteLine(value));

    public override void Flush() => Try(target.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure ??= e;
        }
    }
}
