using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>A row that a search found, with its exact score.</summary>
/// <param name="Row">Its number, rising in the order in which rows came.</param>
/// <param name="Id">Its id; null where rows have none.</param>
/// <param name="Landmark">The number of the landmark that it shows; 0 of a non-landmark.</param>
/// <param name="Cosine">By <see cref="ExactDot"/>.</param>
/// <param name="Penalty">What is taken off the cosine.</param>
/// <param name="Values">[d].</param>
internal sealed record FoundRow(long Row, string? Id, int Landmark, double Cosine, double Penalty, ReadOnlyMemory<float> Values)
    : IComparable<FoundRow>
{
    /// <summary>By which rows are ranked; higher is nearer.</summary>
    public double Score { get; } = Cosine - Penalty;

    /// <summary>What votes of it.</summary>
    public LandmarkNeighbor ToNeighbor() => new(Row, Landmark, Cosine, Penalty, Score);

    /// <summary>The better score stands first, and of equal scores the lower row.</summary>
    public int CompareTo(FoundRow? other) => other is null ? -1
        : Score == other.Score ? Row.CompareTo(other.Row) : Score > other.Score ? -1 : 1;
}
