using Microsoft.ML.Landmarks.Data;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>What one set of predictions answers.</summary>
/// <param name="Answers">By falling confidence, of equal ones by query id; their landmarks are normalized.</param>
/// <param name="HasVerdicts">Whether the predictions say which of them name a landmark that is there.</param>
internal sealed record AnswerSet(LandmarkPrediction[] Answers, bool HasVerdicts)
{
    /// <exception cref="InvalidOperationException">A query is predicted twice or not in the truth, or a prediction can't be
    /// read.</exception>
    public static AnswerSet Of(IEnumerable<LandmarkPrediction> predictions, OrderedDictionary<string, QueryTruth> truth)
    {
        LandmarkPrediction[] all = [.. Check(predictions, truth)];
        return new AnswerSet(
            [.. all.Where(p => p.IsAnswer && truth[p.Id].Counts).Select(p => p with { Landmark = LandmarkName.Normalize(p.Landmark) })
                .OrderByDescending(a => a.Confidence).ThenBy(a => a.Id, StringComparer.Ordinal)],
            Array.Exists(all, p => p.IsLandmark is not null));
    }

    private static IEnumerable<LandmarkPrediction> Check(
        IEnumerable<LandmarkPrediction> predictions, OrderedDictionary<string, QueryTruth> truth)
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
}
