using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>The step of a model that names landmarks by embeddings, and what there is to say of it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Method">How it has learned, and why so.</param>
/// <param name="Tuned">What was tuned, in words; null where nothing was.</param>
/// <param name="Verdict">What verdicts keep, in sentences; none where there is no verdict.</param>
/// <param name="Rows">The rows that it knows: those whose photograph could be read.</param>
internal sealed record FittedStep(BatchTransformer Step, string Method, string? Tuned, IReadOnlyList<string> Verdict, RowCounts Rows)
    : IDisposable
{
    /// <param name="step">Of one of the two kinds.</param>
    public static FittedStep Of(BatchTransformer step)
        => step is LandmarkRecognizingTransformer recognition ? Of(recognition) : Of((KnnLandmarkTransformer)step);

    public static FittedStep Of(KnnLandmarkTransformer step)
        => new(step, MethodName.Plain, Tuned: null, Verdict: [], new RowCounts(step.LandmarkRowCount, step.NonLandmarkRowCount));

    public static FittedStep Of(LandmarkRecognizingTransformer step)
        => new(step, string.Join("; ", [MethodName.Of(step.Method), .. step.Reasons]), DescribeTuning(step),
            VerdictSummary.Of(step), new RowCounts(step.LandmarkRowCount, step.NonLandmarkRowCount));

    /// <summary>All that there is to say of it, in sentences.</summary>
    public IEnumerable<string> Sentences
        => [$"Method: {Method}.", .. Tuned is null ? [] : new[] { $"Tuned: {Tuned}." }, .. Verdict];

    /// <param name="ml">The context.</param>
    /// <param name="queries">Their ids and embeddings.</param>
    public IReadOnlyList<Answer> Answer(MLContext ml, IDataView queries) => [.. AnswerReader.Read(ml, Step.Transform(queries))];

    public void Dispose() => Step.Dispose();

    private static string? DescribeTuning(LandmarkRecognizingTransformer step)
        => step.TuningResult is { EstimatedGlobalAveragePrecision: { } estimated, PlainGlobalAveragePrecision: { } plain }
        ? string.Create(CultureInfo.InvariantCulture,
        $"training penalty weight {step.TrainingPenaltyWeight}, query penalty weight {step.QueryPenaltyWeight}, similarity "
        + $"exponent {step.SimilarityExponent}; estimated GAP {estimated:F4}, with 1, 1, 1 {plain:F4}")
        : null;
}
