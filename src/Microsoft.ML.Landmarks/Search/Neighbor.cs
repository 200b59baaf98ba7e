namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// A row of the gallery that is near a query. In order, the better score stands first, and of equal scores the lower row.
/// </summary>
/// <param name="Row">Its number in the gallery; -1 where there is none.</param>
/// <param name="Score">Similarity minus the row's penalty; higher is nearer.</param>
internal readonly record struct Neighbor(int Row, double Score) : IComparable<Neighbor>
{
    public static readonly Neighbor None = new(-1, double.NegativeInfinity);

    public int CompareTo(Neighbor other) => Score == other.Score ? Row.CompareTo(other.Row) : Score > other.Score ? -1 : 1;
}
