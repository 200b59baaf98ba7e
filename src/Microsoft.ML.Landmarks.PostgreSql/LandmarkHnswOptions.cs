namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>How an HNSW index of landmark rows is built: more of both finds more of the nearest rows, and takes longer.</summary>
public sealed record LandmarkHnswOptions
{
    /// <summary>How many rows each row is linked to, from 2 to 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int M
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(M));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(M));
            field = value;
        }
    } = 16;

    /// <summary>How many rows are looked at to find those links, from 4 to 1,000, and at least twice <see cref="M"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int EfConstruction
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4, nameof(EfConstruction));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1_000, nameof(EfConstruction));
            field = value;
        }
    } = 64;
}
