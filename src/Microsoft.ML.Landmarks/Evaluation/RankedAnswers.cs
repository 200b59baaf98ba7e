using Microsoft.ML.Landmarks.Data;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>Answers to queries by falling confidence, of equal ones by query id: all that GAP and accuracy depend on.</summary>
internal sealed class RankedAnswers
{
    private readonly MeasuredQueries _queries;
    private readonly (int Query, bool IsRight)[] _ranked;

    /// <param name="queries">What is measured; at least one shows a landmark.</param>
    /// <param name="answers">By falling confidence and id, their landmarks normalized; those to other queries are left out.</param>
    /// <param name="ignoreNonLandmarks">Whether answers to queries that show no landmark take no rank.</param>
    public RankedAnswers(MeasuredQueries queries, IEnumerable<LandmarkPrediction> answers, bool ignoreNonLandmarks)
    {
        _queries = queries;
        _ranked = [.. answers.Select(a => (Query: queries.PlaceOf(a.Id), a.Landmark))
            .Where(a => a.Query >= 0 && (!ignoreNonLandmarks || queries[a.Query].ShowsLandmark))
            .Select(a => (a.Query, queries[a.Query].Landmarks.Contains(a.Landmark)))];
        RightCount = _ranked.Count(a => a.IsRight);
    }

    /// <summary>How many of the answers name a landmark that their query shows.</summary>
    public int RightCount { get; }

    public Measures Measure()
    {
        double precisions = GlobalAveragePrecision.SumPrecisions(_ranked.Select(a => a.IsRight)).Precisions;
        return new Measures(precisions / _queries.WithLandmarkCount, (double)RightCount / _queries.WithLandmarkCount);
    }

    /// <summary>The measures of a resample. Copies of a query stand side by side in the ranking, each with a rank of its own.</summary>
    /// <param name="copies">[n], how often each query is in the resample.</param>
    /// <param name="withLandmark">How many of them all show a landmark, at least one.</param>
    public Measures Measure(ReadOnlySpan<int> copies, int withLandmark)
    {
        double precisions = 0;
        int rank = 0, right = 0;
        foreach ((int query, bool isRight) in _ranked)
        {
            for (int copy = 0; copy < copies[query]; copy++)
            {
                rank++;
                if (isRight)
                    precisions += (double)++right / rank;
            }
        }

        return new Measures(precisions / withLandmark, (double)right / withLandmark);
    }
}
