namespace Microsoft.ML.Landmarks;

/// <summary>
/// The metric of the Google Landmark Recognition challenge (Perronnin, Liu, Renders, A family of contextual measures of similarity between
/// distributions with application to image retrieval, CVPR 2009; metrics.py of the landmark code in tensorflow/models, research/delf).
/// </summary>
internal static class GlobalAveragePrecision
{
    /// <summary>
    /// GAP = (1 / M) Σ P(i) rel(i) over the answers by falling confidence, of equal ones by query id, ordinal: P(i) is the share of right
    /// answers among the first i, rel(i) is 1 for a right answer, M the number of queries that show a landmark, answered or not. An answer to
    /// a query that shows none is wrong and takes its rank.
    /// </summary>
    /// <param name="predictions">At most one for a query.</param>
    /// <param name="truth">The landmarks that each query shows.</param>
    /// <param name="ignoreNonLandmarks">Whether answers to queries that show no landmark take no rank.</param>
    /// <exception cref="InvalidOperationException">A query is predicted twice or not in the truth, or none shows a landmark.</exception>
    public static LandmarkMetrics Evaluate(IEnumerable<LandmarkPrediction> predictions, IReadOnlyDictionary<string, string[]> truth, bool ignoreNonLandmarks)
    {
        int withLandmark = truth.Values.Count(landmarks => landmarks.Length > 0);
        if (withLandmark == 0)
            throw Errors.NoQueryWithLandmark();
        List<LandmarkPrediction> answers = [.. Check(predictions, truth).Where(p => p.IsAnswer)];
        (double precisions, int right) = SumPrecisions(answers.OrderByDescending(a => a.Confidence).ThenBy(a => a.Id, StringComparer.Ordinal)
            .Where(a => !ignoreNonLandmarks || truth[a.Id].Length > 0).Select(a => truth[a.Id].Contains(a.Landmark)));
        return new LandmarkMetrics(precisions / withLandmark, (double)right / withLandmark, truth.Count, answers.Count, withLandmark, right);
    }

    /// <summary>Σ P(i) rel(i) and Σ rel(i) over answers of which it is known whether they are right.</summary>
    /// <param name="ranked">By falling confidence.</param>
    public static (double Precisions, int Right) SumPrecisions(IEnumerable<bool> ranked)
    {
        double precisions = 0;
        int rank = 0, right = 0;
        foreach (bool isRight in ranked)
        {
            rank++;
            if (!isRight)
                continue;
            right++;
            precisions += (double)right / rank;
        }

        return (precisions, right);
    }

    private static IEnumerable<LandmarkPrediction> Check(IEnumerable<LandmarkPrediction> predictions, IReadOnlyDictionary<string, string[]> truth)
    {
        var seen = new HashSet<string>();
        foreach (LandmarkPrediction prediction in predictions)
        {
            if (!seen.Add(prediction.Id))
                throw Errors.QueryTwice(prediction.Id, "in the predictions");
            if (!truth.ContainsKey(prediction.Id))
                throw Errors.QueryWithoutTruth(prediction.Id);
            yield return prediction;
        }
    }
}
