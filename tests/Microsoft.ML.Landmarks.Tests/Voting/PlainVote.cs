namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>The vote as README and the options tell it, by plain loops: every row is scored, and all are sorted.</summary>
/// <param name="rows">The fitted rows; label -1 is a non-landmark.</param>
/// <param name="neighbors">Rows that vote.</param>
/// <param name="trainingNeighbors">Non-landmarks of a row's penalty.</param>
/// <param name="queryNeighbors">Non-landmarks of a query's penalty.</param>
/// <param name="weight">Of the rows' penalties.</param>
/// <param name="exponent">Of the votes.</param>
internal sealed class PlainVote(
    LabeledRow[] rows, int neighbors, int trainingNeighbors, int queryNeighbors, double weight = 1, double exponent = 1)
{
    private readonly LabeledRow[] _landmarks = [.. rows.Where(row => row.Label >= 0)], _others = [.. rows.Where(row => row.Label < 0)];

    public sealed record Near(int Row, string Id, int Label, double Cosine, double Penalty, double Score);

    /// <summary>All landmark rows, best first.</summary>
    public List<Near> Nearest(float[] query) =>
    [
        .. _landmarks.Select((row, i) =>
        {
            double cosine = Cosine(query, row.Features), penalty = weight * Likest(row.Features, trainingNeighbors).Average(o => o.Cosine);
            return new Near(i, row.Id, row.Label, cosine, penalty, cosine - penalty);
        }).OrderByDescending(near => near.Score),
    ];

    /// <summary>The non-landmarks that are nearest, best first.</summary>
    public List<(int Row, string Id, double Cosine)> Likest(float[] query) => Likest(query, queryNeighbors);

    /// <summary>All landmarks: those that have votes, then the others.</summary>
    public List<(int Label, double Votes, bool Voted)> Ranking(float[] query)
    {
        List<Near> nearest = Nearest(query);
        var voted = nearest.Take(neighbors).GroupBy(near => near.Label).Select(g => (g.Key, g.Sum(near => Vote(near.Score)), true))
            .OrderByDescending(l => l.Item2).ToList();
        return [.. voted, .. nearest.Where(near => voted.All(l => l.Key != near.Label)).GroupBy(near => near.Label)
            .Select(g => (g.Key, g.Max(near => Vote(near.Score)), false)).OrderByDescending(l => l.Item2)];
    }

    /// <summary>The share of each landmark that has votes.</summary>
    public Dictionary<int, double> Shares(float[] query)
    {
        var voted = Ranking(query).Where(l => l.Voted).ToList();
        double sum = voted.Sum(l => Math.Exp(l.Votes));
        return voted.ToDictionary(l => l.Label, l => Math.Exp(l.Votes) / sum);
    }

    public static double Cosine(float[] a, float[] b)
    {
        double product = 0, squaresOfA = 0, squaresOfB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squaresOfA += (double)a[i] * a[i];
            squaresOfB += (double)b[i] * b[i];
        }

        return product / Math.Sqrt(squaresOfA * squaresOfB);
    }

    private List<(int Row, string Id, double Cosine)> Likest(float[] query, int count)
        => [.. _others.Select((row, i) => (i, row.Id, Cosine(query, row.Features))).OrderByDescending(o => o.Item3).Take(count)];

    private double Vote(double score) => Math.Sign(score) * Math.Pow(Math.Abs(score), exponent);
}
