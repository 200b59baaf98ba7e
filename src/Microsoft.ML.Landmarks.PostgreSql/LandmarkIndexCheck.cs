namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>What a look at an index found.</summary>
public sealed record LandmarkIndexCheck
{
    /// <summary>How many landmark rows were looked at: their penalties were computed anew, and compared to the bit.</summary>
    public long CheckedRowCount { get; init; }

    /// <summary>Of these, the ids of rows whose penalty, or the non-landmarks that it is of, are not those of a fit; rows without ids by
    /// number.</summary>
    public IReadOnlyList<string> WrongRows { get; init; } = [];

    /// <summary>What else is wrong, in sentences: rows that are counted and not there, labels that are missing, servers that
    /// differ.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => WrongRows.Count == 0 && Problems.Count == 0;
}
