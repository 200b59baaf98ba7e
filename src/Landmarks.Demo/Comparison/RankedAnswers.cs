using Landmarks.Demo.Data;

namespace Landmarks.Demo.Comparison;

/// <summary>A method's answers by falling confidence, of equal ones by query id: all that its measures depend on.</summary>
internal sealed class RankedAnswers
{
    private readonly (int Query, bool IsRight)[] _ranked;

    /// <param name="answers">Those that are missing take no rank.</param>
    /// <param name="landmarks">[n], the landmarks that each query shows.</param>
    /// <param name="places">Each query's place among them, by its id.</param>
    public RankedAnswers(IEnumerable<Answer> answers, string[][] landmarks, IReadOnlyDictionary<string, int> places)
        => _ranked = [.. answers.Where(a => !a.IsMissing).OrderByDescending(a => a.Score).ThenBy(a => a.Id, StringComparer.Ordinal)
            .Select(a => (places[a.Id], landmarks[places[a.Id]].Contains(a.PredictedLabel)))];

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
