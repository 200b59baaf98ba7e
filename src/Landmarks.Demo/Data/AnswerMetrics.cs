using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>How well answers are that are in memory.</summary>
internal static class AnswerMetrics
{
    /// <inheritdoc cref="LandmarksCatalog.EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"/>
    public static LandmarkMetrics Of(MLContext ml, IEnumerable<Answer> answers, IEnumerable<Truth> truth)
        => ml.Data.EvaluateLandmarks(ml.Data.LoadFromEnumerable(answers), ml.Data.LoadFromEnumerable(truth));
}
