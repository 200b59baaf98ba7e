using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>What names landmarks by embeddings.</summary>
/// <param name="Whitening">The first step; null where there is none.</param>
/// <param name="Landmarks">The last step.</param>
internal sealed record LearnedMethod(WhiteningTransformer? Whitening, KnnLandmarkTransformer Landmarks) : IDisposable
{
    public IReadOnlyList<ITransformer> Steps => Whitening is null ? [Landmarks] : [Whitening, Landmarks];

    /// <summary>The rows that it knows: those whose photograph could be read.</summary>
    public RowCounts Rows => new(Landmarks.LandmarkRowCount, Landmarks.NonLandmarkRowCount);

    /// <param name="ml">The context.</param>
    /// <param name="queries">Their ids and embeddings.</param>
    public IReadOnlyList<Answer> Answer(MLContext ml, IDataView queries)
        => [.. AnswerReader.Read(ml, new TransformerChain<ITransformer>([.. Steps]).Transform(queries))];

    /// <summary>What the tuning chose, in words; null where nothing was tuned.</summary>
    public string? Tuned
        => Landmarks.TuningResult is { EstimatedGlobalAveragePrecision: { } estimated, NotebookGlobalAveragePrecision: { } notebook }
        ? string.Create(CultureInfo.InvariantCulture,
        $"training penalty weight {Landmarks.TrainingPenaltyWeight}, query penalty weight {Landmarks.QueryPenaltyWeight}, similarity "
        + $"exponent {Landmarks.SimilarityExponent}; estimated GAP {estimated:F4}, with 1, 1, 1 {notebook:F4}")
        : null;

    /// <summary>Frees what this method alone holds: several may share a whitening.</summary>
    public void Dispose() => Landmarks.Dispose();
}
