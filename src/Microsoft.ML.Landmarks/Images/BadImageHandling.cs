namespace Microsoft.ML;

/// <summary>What becomes of a row whose photograph can't be read.</summary>
public enum BadImageHandling
{
    /// <summary>Reading the row throws <see cref="InvalidDataException"/> with the row and the file.</summary>
    Throw,

    /// <summary>The row is a missing one: its pixels, or its embedding, are all NaN. One warning counts such rows when a pass
    /// ends.</summary>
    Skip,
}
