using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>
/// The metric of the Google Landmark Recognition challenge (Perronnin, Liu, Renders, A family of contextual measures of similarity between
/// distributions with application to image retrieval, CVPR 2009; metrics.py of the landmark code in tensorflow/models, research/delf).
/// </summary>
internal static class GlobalAveragePrecision
{
    /// <summary>
    /// GAP = (1 / M) Σ P(i) rel(i) over the answers by falling confidence, of equal ones by query id, ordinal: P(i) is the share of right
    /// answers among the first i, rel(i) is 1 for a right answer, M the number of queries that show a landmark, answered or not. An answer
    /// to a query that shows none is wrong and takes its rank.
    /// </summary>
    /// <param name="predictions">At most one for a query.</param>
    /// <param name="truth">What each query shows.</param>
    /// <param name="ignoreNonLandmarks">Whether answers to queries that show no landmark take no rank.</param>
    /// <param name="channel">Told what may be mistaken.</param>
    /// <exception cref="InvalidOperationException">
    /// A query is predicted twice or not in the truth, a prediction can't be read, or no query that counts shows a landmark.
    /// </exception>
    public static LandmarkMetrics Evaluate(
        IEnumerable<LandmarkPrediction> predictions, IReadOnlyDictionary<string, QueryTruth> truth, bool ignoreNonLandmarks,
        IChannel channel)
    {
        if (!truth.Values.Any(t => t.Counts && t.ShowsLandmark))
            throw Errors.NoQueryWithLandmark();
        LandmarkPrediction[] answers = [.. Check(predictions, truth).Where(p => p.IsAnswer && truth[p.Id].Counts)
            .Select(p => p with { Landmark = LandmarkName.Normalize(p.Landmark) })
            .OrderByDescending(a => a.Confidence).ThenBy(a => a.Id, StringComparer.Ordinal)];
        WarnOfLists([.. truth.Values.SelectMany(t => t.Landmarks), .. answers.Select(a => a.Landmark)], channel);
        LandmarkMetrics? inPublic = Measure(t => t.Usage == QueryTruth.Public), inPrivate = Measure(t => t.Usage == QueryTruth.Private);
        bool hasParts = inPublic is not null && inPrivate is not null;
        return Measure(t => t.Counts, hasParts ? inPublic : null, hasParts ? inPrivate : null)!;

        // Null where no query of the part shows a landmark.
        LandmarkMetrics? Measure(Func<QueryTruth, bool> isPart, LandmarkMetrics? inPublic = null, LandmarkMetrics? inPrivate = null)
        {
            QueryTruth[] part = [.. truth.Values.Where(isPart)];
            LandmarkPrediction[] ranked = [.. answers.Where(a => isPart(truth[a.Id]))];
            int withLandmark = part.Count(t => t.ShowsLandmark);
            if (withLandmark == 0)
                return null;
            (double precisions, int right) = SumPrecisions(ranked
                .Where(a => !ignoreNonLandmarks || truth[a.Id].ShowsLandmark).Select(a => truth[a.Id].Landmarks.Contains(a.Landmark)));
            double gap = precisions / withLandmark, accuracy = (double)right / withLandmark;
            return new LandmarkMetrics(gap, accuracy, part.Length, ranked.Length, withLandmark, right)
            {
                IgnoredCount = truth.Values.Count(t => !t.Counts),
                Public = inPublic,
                Private = inPrivate,
            };
        }
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

    private static IEnumerable<LandmarkPrediction> Check(
        IEnumerable<LandmarkPrediction> predictions, IReadOnlyDictionary<string, QueryTruth> truth)
    {
        var seen = new HashSet<string>();
        foreach (LandmarkPrediction prediction in predictions)
        {
            if (!seen.Add(prediction.Id))
                throw Errors.QueryTwice(prediction.Id, "in the predictions");
            if (!truth.ContainsKey(prediction.Id))
                throw Errors.QueryWithoutTruth(prediction.Id);
            if (prediction.IsAnswer && LandmarkName.IsMissing(prediction.Landmark))
                throw Errors.LabelMissing(prediction.Id, prediction.Landmark);
            yield return prediction;
        }
    }

    // A name, since it may be one; but whoever means several learns why none of them is right.
    private static void WarnOfLists(IEnumerable<string> names, IChannel channel)
    {
        string[] lists = [.. names.Where(LandmarkName.IsListOfNumbers)];
        if (lists.Length > 0)
            channel.Warning(MessageSensitivity.UserData, Errors.NamesOfSeveralNumbers(lists.Length, lists[0]));
    }
}
