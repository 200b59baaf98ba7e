using System.Diagnostics.Metrics;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>What becomes of photographs, in instruments of the library's meter; the library itself tells how long it decodes, runs the
/// network and searches.</summary>
internal sealed class ServingMeter : IDisposable
{
    /// <summary>The library's meter and this one.</summary>
    public const string Name = "Microsoft.ML.Landmarks";

    private const string Verdict = "verdict", Kind = "kind";

    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _queueDuration, _probabilities;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _answers, _unreadable;

    public ServingMeter()
    {
        _queueDuration = _meter.CreateHistogram("landmarks.queue.duration", "s", "How long a photograph waited for its batch to leave.",
            tags: null, new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5],
            });
        _batchSize = _meter.CreateHistogram("landmarks.batch.size", "{photograph}", "Photographs that left the queue together.",
            tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] });
        _answers = _meter.CreateCounter<long>("landmarks.answers", "{photograph}", "Photographs that were answered, by their verdict: "
            + "landmark, none, or unjudged where the model gives no verdict.");
        _probabilities = _meter.CreateHistogram("landmarks.false_alarm_probability", unit: null, "How often a photograph of nothing is "
            + "answered as surely. Of photographs of nothing it is as often in each twentieth; where it is not, they have become others.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. Enumerable.Range(1, 20).Select(i => i / 20.0)] });
        _unreadable = _meter.CreateCounter<long>("landmarks.unreadable", "{photograph}", "Photographs that could not be read, by the kind "
            + "of their file.");
    }

    /// <summary>Counts photographs that leave the queue together.</summary>
    public void Leave(IReadOnlyCollection<QueuedPhotograph> photographs)
    {
        _batchSize.Record(photographs.Count);
        foreach (QueuedPhotograph photograph in photographs)
            _queueDuration.Record(photograph.Waited.TotalSeconds);
    }

    /// <summary>Counts an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="file">The photograph's bytes.</param>
    public void Answer(LandmarkAnswer answer, byte[] file)
    {
        if (answer.Error is not null)
        {
            _unreadable.Add(1, new KeyValuePair<string, object?>(Kind, PhotographKind.Of(file) ?? "unknown"));
            return;
        }

        string verdict = answer.IsLandmark is { } isLandmark ? isLandmark ? "landmark" : "none" : "unjudged";
        _answers.Add(1, new KeyValuePair<string, object?>(Verdict, verdict));
        if (answer.FalseAlarmProbability is { } probability)
            _probabilities.Record(probability);
    }

    public void Dispose() => _meter.Dispose();
}
