using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Counts the rows that Fit leaves out, since their cosine to others is undefined.</summary>
internal sealed class LeftOutRows
{
    /// <summary>Rows with a value that is NaN or infinite.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows of zeros alone.</summary>
    public long Zeros { get; private set; }

    public long Count => Missing + Zeros;

    public void AddMissing() => Missing++;

    public void AddZeros() => Zeros++;

    /// <summary>Warns of them, where there are any.</summary>
    public void Warn(IChannel channel)
    {
        if (Missing > 0)
            channel.Warning(MessageSensitivity.None, Errors.MissingRows(Missing));
        if (Zeros > 0)
            channel.Warning(MessageSensitivity.None, Errors.ZeroRows(Zeros));
    }
}
