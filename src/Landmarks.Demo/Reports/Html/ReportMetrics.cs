using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>How well the photographs of a report were answered.</summary>
internal static class ReportMetrics
{
    /// <summary>By the library's measures, of the photographs whose truth is known; null where none shows a landmark.</summary>
    public static LandmarkMetrics? Of(MLContext ml, IReadOnlyList<ReportedAnswer> answers)
    {
        if (!answers.Any(answer => answer.Shows is { Count: > 0 }))
            return null;
        // By their places: a photograph may have been named twice.
        Row[] rows = [.. answers.Select((answer, place) => (answer, place)).Where(a => a.answer.Shows is not null)
            .Select(a => new Row($"{a.place:D9}", a.answer.Answer.Landmark ?? "",
                a.answer.Answer is { Landmark: not null, Score: { } score } ? score : float.NaN, [.. a.answer.Shows!]))];
        IDataView view = ml.Data.LoadFromEnumerable(rows);
        return ml.Data.EvaluateLandmarks(view, view, new LandmarkEvaluationOptions());
    }

    private sealed record Row(string Id, string PredictedLabel, float Score, string[] Label);
}
