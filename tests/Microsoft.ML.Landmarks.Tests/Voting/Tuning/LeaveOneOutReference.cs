using Microsoft.ML.Landmarks.Tests.Search;

namespace Microsoft.ML.Landmarks.Tests.Voting.Tuning;

/// <summary>
/// Leave-one-out as one would write it: for each query a model is made anew from the other rows, all penalties computed and all rows
/// ranked.
/// </summary>
internal sealed class LeaveOneOutReference(LabeledRow[] rows, int k, int trainingPenaltyCount, int queryPenaltyCount)
{
    private static readonly double[] s_trainingWeights = [0, 0.25, 0.5, 0.75, 1], s_queryWeights = [0, 0.5, 1, 2, 3, 5],
        s_exponents = [1, 2, 4, 8];

    private readonly (int Label, float[] Unit)[] _landmarks = [.. rows.Where(r => r.Label >= 0).Select(r => (r.Label, Unit(r)))];
    private readonly float[][] _nonLandmarks = [.. rows.Where(r => r.Label < 0).Select(Unit)];

    /// <summary>The landmark rows that share their label with another.</summary>
    public int[] LandmarkQueries
        => [.. Enumerable.Range(0, _landmarks.Length).Where(i => _landmarks.Count(l => l.Label == _landmarks[i].Label) > 1)];

    public int[] NonLandmarkQueries => [.. Enumerable.Range(0, _nonLandmarks.Length)];

    /// <summary>The setting that wins, its GAP and that of 1, 1, 1.</summary>
    public ((double TrainingWeight, double QueryWeight, double Exponent) Choice, double Gap,
        double PlainGap) Choose(int[] landmarkQueries, int[] nonLandmarkQueries)
    {
        Query[] queries = [.. landmarkQueries.Select(LandmarkQuery), .. nonLandmarkQueries.Select(NonLandmarkQuery)];
        (double, double, double) choice = default;
        double best = double.NegativeInfinity, bestDistance = 0, plain = 0;
        foreach (double trainingWeight in s_trainingWeights)
        {
            foreach (double queryWeight in s_queryWeights)
            {
                foreach (double exponent in s_exponents)
                {
                    double gap = Gap([.. queries.Select(q => Answer(q, trainingWeight, queryWeight, exponent))], landmarkQueries.Length);
                    double distance = Math.Abs(trainingWeight - 1) + Math.Abs(queryWeight - 1) + Math.Abs(exponent - 1);
                    if (distance == 0)
                        plain = gap;
                    if (gap > best || gap == best && distance < bestDistance)
                        (best, bestDistance, choice) = (gap, distance, (trainingWeight, queryWeight, exponent));
                }
            }
        }

        return (choice, best, plain);
    }

    private Query LandmarkQuery(int query)
        => Refit(_landmarks[query].Unit, _landmarks[query].Label, [.. _landmarks.Where((_, i) => i != query)], _nonLandmarks);

    private Query NonLandmarkQuery(int query)
        => Refit(_nonLandmarks[query], -1, _landmarks, [.. _nonLandmarks.Where((_, i) => i != query)]);

    private Query Refit(float[] query, int label, (int Label, float[] Unit)[] landmarks, float[][] nonLandmarks) => new(
        label,
        [.. landmarks.Select(l => (l.Label, Dot(query, l.Unit), Penalty(l.Unit, nonLandmarks, trainingPenaltyCount)))],
        Penalty(query, nonLandmarks, queryPenaltyCount));

    private static double Penalty(float[] row, float[][] nonLandmarks, int count)
    {
        double[] largest = [.. nonLandmarks.Select(v => Dot(row, v)).OrderDescending().Take(count)];
        return largest.Length == 0 ? 0 : largest.Aggregate(0.0, (sum, cosine) => sum + cosine) / largest.Length;
    }

    private (float Confidence, bool IsRight) Answer(Query query, double trainingWeight, double queryWeight, double exponent)
    {
        (int Label, double Score)[] neighbors = [.. query.Rows.Select(r => (r.Label, Score: r.Cosine - trainingWeight * r.Penalty))
            .OrderByDescending(n => n.Score).Take(k)];
        var votes = new Dictionary<int, double>();
        foreach ((int label, double score) in neighbors)
            votes[label] = votes.GetValueOrDefault(label)
                + (exponent == 1 ? score : (score < 0 ? -1 : 1) * Math.Pow(Math.Abs(score), exponent));
        double largest = votes.Values.Max();
        int winner = neighbors.First(n => votes[n.Label] == largest).Label;
        return ((float)(largest - queryWeight * query.Penalty), winner == query.Label);
    }

    private static double Gap((float Confidence, bool IsRight)[] answers, int withLandmark)
    {
        bool[] ranked = [.. answers.Select((a, i) => (a, i)).OrderByDescending(a => a.a.Confidence).ThenBy(a => a.i)
            .Select(a => a.a.IsRight)];
        double sum = 0;
        for (int rank = 1; rank <= ranked.Length; rank++)
        {
            if (ranked[rank - 1])
                sum += (double)ranked[..rank].Count(r => r) / rank;
        }

        return sum / withLandmark;
    }

    private static float[] Unit(LabeledRow row)
    {
        float[] unit = [.. row.Features];
        double length = Math.Sqrt(Dot(unit, unit));
        return length == 0 ? unit : [.. unit.Select(v => (float)(v / length))];
    }

    private static double Dot(float[] a, float[] b) => NeighborEngineConformance.PlainDot(a, b);

    private sealed record Query(int Label, (int Label, double Cosine, double Penalty)[] Rows, double Penalty);
}
