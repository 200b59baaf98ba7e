using Microsoft.ML.Landmarks.Data;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>Queries that are measured together, in the order of the truth.</summary>
internal sealed class MeasuredQueries
{
    // Fixed, so that the same answers have the same intervals.
    private const int Seed = 1;

    private readonly OrderedDictionary<string, QueryTruth> _queries;
    private readonly bool[] _showsLandmark;

    /// <param name="queries">What each of them shows, by its id.</param>
    public MeasuredQueries(IEnumerable<KeyValuePair<string, QueryTruth>> queries)
    {
        _queries = new OrderedDictionary<string, QueryTruth>(queries);
        _showsLandmark = [.. _queries.Values.Select(t => t.ShowsLandmark)];
        WithLandmarkCount = _showsLandmark.Count(shows => shows);
    }

    public int Count => _queries.Count;

    public int WithLandmarkCount { get; }

    public IEnumerable<QueryTruth> Truth => _queries.Values;

    /// <summary>The query's place among them; below 0 where it is none of them.</summary>
    public int PlaceOf(string id) => _queries.IndexOf(id);

    public QueryTruth this[int place] => _queries.GetAt(place).Value;

    /// <summary>
    /// Draws as many queries as there are, with or without a landmark, with replacement. At least one query must show a landmark. Source:
    /// Efron and Tibshirani, An Introduction to the Bootstrap, 1993; percentile intervals.
    /// </summary>
    /// <returns>How often each query was drawn, which the next draw overwrites, and how many of the drawn ones show a landmark.</returns>
    public IEnumerable<(int[] Copies, int WithLandmark)> Resample(int count, CancellationToken cancellation)
    {
        var random = new Random(Seed);
        var copies = new int[Count];
        for (int resample = 0; resample < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(copies);
            int withLandmark = 0;
            for (int i = 0; i < copies.Length; i++)
            {
                int query = random.Next(copies.Length);
                copies[query]++;
                if (_showsLandmark[query])
                    withLandmark++;
            }

            // Nothing is measured by queries that show no landmark, so a resample of such alone is drawn again.
            if (withLandmark == 0)
                continue;
            resample++;
            yield return (copies, withLandmark);
        }
    }
}
