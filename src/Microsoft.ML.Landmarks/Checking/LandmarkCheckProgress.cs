namespace Microsoft.ML;

/// <summary>How far a part of the work of <see cref="LandmarksCatalog.CheckLandmarks"/> is.</summary>
public sealed class LandmarkCheckProgress
{
    internal LandmarkCheckProgress(string work, long done, long? total) => (Work, Done, Total) = (work, done, total);

    /// <summary>What is done, in words.</summary>
    public string Work { get; }

    /// <summary>How many rows or photographs are done.</summary>
    public long Done { get; }

    /// <summary>How many there are; null where nobody knows yet.</summary>
    public long? Total { get; }
}
