using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>Compares predictions with the truth, and with each other.</summary>
internal static class LandmarkEvaluation
{
    /// <param name="predictions">Sets with at most one prediction for a query; the first is what the others are compared with.</param>
    /// <param name="truth">What each query shows.</param>
    /// <param name="known">The landmarks that the model knows, normalized; null where that is not told.</param>
    /// <param name="options">How they are measured.</param>
    /// <param name="channel">Told what may be mistaken.</param>
    /// <exception cref="InvalidOperationException">
    /// A query is predicted twice or not in the truth, a prediction can't be read, or no query that counts shows a landmark.
    /// </exception>
    public static IReadOnlyList<LandmarkComparison> Compare(IReadOnlyList<IEnumerable<LandmarkPrediction>> predictions,
        OrderedDictionary<string, QueryTruth> truth, HashSet<string>? known, LandmarkEvaluationOptions options, IChannel channel)
    {
        if (!truth.Values.Any(t => t.Counts && t.ShowsLandmark))
            throw Errors.NoQueryWithLandmark();
        AnswerSet[] sets = [.. predictions.Select(p => AnswerSet.Of(p, truth))];
        WarnOfLists([.. truth.Values.SelectMany(t => t.Landmarks), .. sets.SelectMany(s => s.Answers).Select(a => a.Landmark)], channel);
        int ignored = truth.Values.Count(t => !t.Counts);
        QueryEvaluation? ofPublic = Evaluate(t => t.Usage == QueryTruth.Public), ofPrivate = Evaluate(t => t.Usage == QueryTruth.Private);
        QueryEvaluation all = Evaluate(t => t.Counts)!;
        bool hasParts = ofPublic is not null && ofPrivate is not null;
        return [.. Enumerable.Range(0, sets.Length).Select(set => all.Compare(set, all.Describe(set, ignored,
            hasParts ? ofPublic!.Describe(set, ignored) : null, hasParts ? ofPrivate!.Describe(set, ignored) : null)))];

        // Null where no query of the part shows a landmark.
        QueryEvaluation? Evaluate(Func<QueryTruth, bool> isPart)
        {
            var part = new MeasuredQueries(truth.Where(query => isPart(query.Value)));
            return part.WithLandmarkCount == 0 ? null : new QueryEvaluation(part, sets, known, options);
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
