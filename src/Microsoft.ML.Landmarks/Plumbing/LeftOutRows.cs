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
}
