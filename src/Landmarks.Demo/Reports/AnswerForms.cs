using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>The forms of answers. Scores are as the model gives them.</summary>
/// <param name="top">How many of the best landmarks were asked for; null where nothing was said.</param>
internal sealed class AnswerForms(int? top) : IResultForms<LandmarkAnswer>
{
    public IResultWriter<LandmarkAnswer> CreateText(Action<string> writeLine)
        => new TextAnswerWriter(writeLine, isDetailed: top is not null);

    public IResultWriter<LandmarkAnswer> CreateJson(Stream stream)
        => new JsonResultWriter<LandmarkAnswer>(stream, ResultJson.Lines.LandmarkAnswer);

    public IResultWriter<LandmarkAnswer> CreateCsv(Stream stream) => new CsvResultWriter<LandmarkAnswer>(stream,
    [
        ("id", answer => answer.Id),
        ("landmark", answer => answer.Landmark),
        ("name", answer => answer.Name),
        ("score", answer => Number(answer.Score)),
        ("isLandmark", answer => answer.IsLandmark is { } isLandmark ? isLandmark ? "true" : "false" : null),
        ("falseAlarmProbability", answer => Number(answer.FalseAlarmProbability)),
        ("unknownLandmarkProbability", answer => Number(answer.UnknownLandmarkProbability)),
        ("queryPenalty", answer => Number(answer.QueryPenalty)),
        ("error", answer => answer.Error),
        .. Enumerable.Range(0, top ?? 0).SelectMany(OfCandidate),
    ]);

    private static IEnumerable<(string Name, Func<LandmarkAnswer, string?> Read)> OfCandidate(int rank) =>
    [
        ($"top{rank + 1}Landmark", answer => answer.Top.ElementAtOrDefault(rank)?.Landmark),
        ($"top{rank + 1}Name", answer => answer.Top.ElementAtOrDefault(rank)?.Name),
        ($"top{rank + 1}Score", answer => Number(answer.Top.ElementAtOrDefault(rank)?.Score)),
    ];

    // All digits that tell it from its neighbors.
    private static string? Number(float? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
