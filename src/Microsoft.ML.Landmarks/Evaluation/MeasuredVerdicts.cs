using Microsoft.ML.Landmarks.Data;

namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>Counts what verdicts make of queries.</summary>
internal static class MeasuredVerdicts
{
    /// <param name="queries">What is measured.</param>
    /// <param name="answers">With verdicts; those to other queries are left out.</param>
    /// <param name="known">The landmarks that the model knows, normalized; null where that is not told.</param>
    public static LandmarkVerdictMetrics Measure(MeasuredQueries queries, IEnumerable<LandmarkPrediction> answers, HashSet<string>? known)
    {
        var answerOf = new LandmarkPrediction?[queries.Count];
        foreach (LandmarkPrediction answer in answers)
        {
            if (queries.PlaceOf(answer.Id) is >= 0 and var place)
                answerOf[place] = answer;
        }

        Verdict[] all = [.. queries.Truth.Select((shown, place) => new Verdict(shown,
            IsKnown: known is null || Array.Exists(shown.Landmarks, known.Contains),
            IsAnswered: answerOf[place] is { IsLandmark: true },
            IsRight: answerOf[place] is { } answer && shown.Landmarks.Contains(answer.Landmark)))];
        return new LandmarkVerdictMetrics
        {
            FalseAlarms = Rate(all.Where(v => !v.Shown.ShowsLandmark), v => v.IsAnswered),
            UnknownLandmarks = known is null ? null : Rate(all.Where(v => v.Shown.ShowsLandmark && !v.IsKnown), v => v.IsAnswered),
            RightAnswersKept = Rate(all.Where(v => v.IsRight), v => v.IsAnswered),
            WrongAnswers = Rate(all.Where(v => v.Shown.ShowsLandmark && v.IsKnown), v => v.IsAnswered && !v.IsRight),
        };
    }

    private static MeasuredRate Rate(IEnumerable<Verdict> queries, Func<Verdict, bool> isCounted)
    {
        Verdict[] all = [.. queries];
        return new MeasuredRate(all.Count(isCounted), all.Length);
    }

    private readonly record struct Verdict(QueryTruth Shown, bool IsKnown, bool IsAnswered, bool IsRight);
}
