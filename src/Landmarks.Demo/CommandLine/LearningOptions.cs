using System.CommandLine;
using Landmarks.Demo.Methods;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options that say how a model learns from embeddings.</summary>
internal sealed class LearningOptions
{
    // As many as a model tells with an answer.
    private const int MostNeighbors = 1 << 24;

    private readonly Option<int?> _neighbors = CommandOptions.Number(
        "--neighbors", $"Neighbors that vote. [default: {KnnLandmarkEstimator.Defaults.NumberOfNeighbors}]", maximum: MostNeighbors);
    private readonly Option<int?> _trainPenalty = CommandOptions.Number("--train-penalty-neighbors",
        $"Non-landmarks that make the penalty of a reference photograph. [default: "
        + $"{KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors}]");
    private readonly Option<int?> _queryPenalty = CommandOptions.Number("--query-penalty-neighbors",
        $"Non-landmarks that make the penalty of a query. [default: {KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors}]");
    private readonly Option<double?> _falseAlarms = CommandOptions.Rate("--false-alarms",
        "The share of photographs of no landmark that may be answered, if they are like the non-landmarks. [default: "
        + $"{Quantity.Number(LandmarkRecognizingEstimator.Defaults.FalseAlarmRate * 100)}%]");
    private readonly Option<double?> _falseAlarmConfidence = CommandOptions.Rate("--false-alarm-confidence",
        "How surely that is to hold for this very model. [default: it holds in the mean over all models of such photographs]");
    private readonly Option<double?> _unknownLandmarks = CommandOptions.Rate("--unknown-landmarks",
        "The share of photographs of landmarks that the model does not know that may be answered, an estimate. It costs right answers. "
        + "[default: any]");

    /// <summary>Those of all methods, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_neighbors, _trainPenalty, _queryPenalty, _falseAlarms, _falseAlarmConfidence, _unknownLandmarks];

    /// <summary>The plain method.</summary>
    public Option<bool> Plain { get; } = new("--plain")
    {
        Description = "The plain method: embeddings are not whitened, votes not tuned, and there is no verdict whether there is a "
            + "landmark.",
    };

    /// <summary>The file of the landmarks' names.</summary>
    public Option<string> Names { get; } = CommandOptions.Text("--names", "CSV",
        "Names of landmarks, landmark_id,name or landmark_id,category, which become part of the model.");

    /// <summary>Those that the plain method knows nothing of.</summary>
    public IReadOnlyList<Option> NotWithPlain => [Names, _falseAlarms, _falseAlarmConfidence, _unknownLandmarks];

    /// <param name="parsed">The arguments.</param>
    /// <param name="others">What is taken where they say nothing.</param>
    public LearningSettings Read(ParseResult parsed, LearningSettings others) => Named(parsed.GetValue(Names), others) with
    {
        Neighbors = parsed.GetValue(_neighbors) ?? others.Neighbors,
        TrainPenaltyNeighbors = parsed.GetValue(_trainPenalty) ?? others.TrainPenaltyNeighbors,
        QueryPenaltyNeighbors = parsed.GetValue(_queryPenalty) ?? others.QueryPenaltyNeighbors,
        FalseAlarmRate = parsed.GetValue(_falseAlarms) ?? others.FalseAlarmRate,
        FalseAlarmConfidence = parsed.GetValue(_falseAlarmConfidence) ?? others.FalseAlarmConfidence,
        UnknownLandmarkRate = parsed.GetValue(_unknownLandmarks) ?? others.UnknownLandmarkRate,
    };

    /// <param name="file">The file of names; null for none.</param>
    /// <param name="others">What is taken of all else.</param>
    public static LearningSettings Named(string? file, LearningSettings others)
        => file is null ? others : others with { OpenNames = ml => ml.Data.LoadLandmarkNames(file) };
}
