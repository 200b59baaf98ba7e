using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Comparison;

/// <summary>Compares methods by the same queries, and says by the bootstrap how far the queries decide between them.</summary>
/// <remarks>
/// Queries are drawn with replacement, as many as there are, with or without a landmark. All methods are measured on the same resamples, so
/// the differences to the first are paired: what is hard for both does not widen their intervals. Source: Efron and Tibshirani, An
/// Introduction to the Bootstrap, 1993; percentile intervals.
/// </remarks>
internal static class MethodComparison
{
    public const int Resamples = 2000;
    private const int Seed = 1;

    /// <param name="ml">The context.</param>
    /// <param name="methods">The first is what the others are compared with.</param>
    /// <param name="truth">Every query; at least one shows a landmark.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<ComparedMethod> Run(MLContext ml, IReadOnlyList<MethodAnswers> methods, IReadOnlyList<Truth> truth,
        CancellationToken cancellation)
    {
        string[][] landmarks = [.. truth.Select(t => t.Label)];
        Dictionary<string, int> places = truth.Select((t, place) => (t.Id, place)).ToDictionary();
        RankedAnswers[] ranked = [.. methods.Select(m => new RankedAnswers(m.Answers, landmarks, places))];
        LandmarkMetrics[] metrics = [.. methods.Select(m => AnswerMetrics.Of(ml, m.Answers, truth))];
        Measures[][] resampled = [.. Draw([.. landmarks.Select(l => l.Length > 0)], cancellation)
            .Select(draw => ranked.Select(r => r.Measure(draw.Copies, draw.WithLandmark)).ToArray())];

        return [.. methods.Select((method, m) => new ComparedMethod(method.Method, method.ImageSize,
            Estimate.Of(metrics[m].GlobalAveragePrecision, [.. resampled.Select(r => r[m].Gap)]),
            Estimate.Of(metrics[m].Accuracy, [.. resampled.Select(r => r[m].Accuracy)]),
            Estimate.Of(metrics[m].GlobalAveragePrecision - metrics[0].GlobalAveragePrecision,
                [.. resampled.Select(r => r[m].Gap - r[0].Gap)]),
            Estimate.Of(metrics[m].Accuracy - metrics[0].Accuracy, [.. resampled.Select(r => r[m].Accuracy - r[0].Accuracy)])))];
    }

    // The copies are overwritten by the next draw.
    private static IEnumerable<(int[] Copies, int WithLandmark)> Draw(bool[] showsLandmark, CancellationToken cancellation)
    {
        var random = new Random(Seed);
        var copies = new int[showsLandmark.Length];
        for (int resample = 0; resample < Resamples;)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(copies);
            int withLandmark = 0;
            for (int i = 0; i < copies.Length; i++)
            {
                int query = random.Next(copies.Length);
                copies[query]++;
                if (showsLandmark[query])
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
