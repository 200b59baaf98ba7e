using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>Fits what names landmarks to embeddings: columns Id, Label and Features.</summary>
/// <param name="session">The job's session.</param>
/// <param name="settings">How it learns.</param>
/// <param name="landmarks">How many landmark rows get their penalties, for bars.</param>
/// <param name="gpu">The GPU that searches; null for the CPU.</param>
/// <param name="fallbackToCpu">Whether the CPU may take its place.</param>
internal sealed class Learner(Session session, LearningSettings settings, long landmarks, int? gpu, bool fallbackToCpu)
{
    private const string Neighbors = "Neighbors", NeighborScores = "NeighborScores";

    /// <summary>The penalties of all rows, where they are found already; null: each fit searches for them.</summary>
    public IEnumerable<LandmarkPenalty>? Penalties { get; init; }

    /// <summary>Fits what the settings say.</summary>
    /// <param name="rows">The embeddings.</param>
    /// <param name="board">Shows how far fitting is.</param>
    public FittedStep Fit(IDataView rows, IProgressBoard board)
        => settings.IsPlain ? FitPlain(rows, board) : FittedStep.Of(CreateEstimator(board).Fit(rows));

    /// <summary>Fits the plain method, which reads embeddings as they come: they need no memory beside the step's own.</summary>
    /// <inheritdoc cref="Fit"/>
    public FittedStep FitPlain(IDataView rows, IProgressBoard board)
    {
        KnnLandmarkTransformer step = CreatePlainEstimator(board).Fit(rows);
        // Its bar is of Fit alone.
        step.Progress = null;
        return FittedStep.Of(step);
    }

    /// <summary>What fits the method that suits the rows, or all methods.</summary>
    /// <param name="board">Shows how far fitting is.</param>
    public LandmarkRecognizingEstimator CreateEstimator(IProgressBoard board)
        => session.ML.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options(Votes)
        {
            Method = settings.Method,
            AllowNoVerdict = true,
            FitProgress = new StageBoard<LandmarkFitProgress>(board, part => (part.Work, part.Done, part.Total)),
            FalseAlarmRate = settings.FalseAlarmRate,
            FalseAlarmConfidence = settings.FalseAlarmConfidence,
            UnknownLandmarkRate = settings.UnknownLandmarkRate,
            Names = settings.OpenNames?.Invoke(session.ML),
            Penalties = Penalties,
        });

    /// <summary>Finds the penalties of the landmark rows of a shard, as they are asked for.</summary>
    /// <param name="rows">The embeddings of all rows.</param>
    /// <param name="shard">Whose landmark rows.</param>
    /// <param name="board">Shows how far finding is.</param>
    public IEnumerable<LandmarkPenalty> FindPenalties(IDataView rows, LandmarkShard shard, IProgressBoard board)
        => settings.IsPlain ? CreatePlainEstimator(board).FindPenalties(rows, shard) : CreateEstimator(board).FindPenalties(rows, shard);

    private KnnLandmarkEstimator CreatePlainEstimator(IProgressBoard board)
        => session.ML.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(Votes)
        {
            TrainingPenaltyWeight = settings.TrainPenaltyWeight,
            QueryPenaltyWeight = settings.QueryPenaltyWeight,
            SimilarityExponent = settings.SimilarityExponent,
            QueryExpansion = settings.QueryExpansion,
            Progress = board.Add($"Penalties, {MethodName.Plain}", landmarks),
            Penalties = Penalties,
        });

    // Of either method.
    private LandmarkOptions Votes => new KnnLandmarkEstimator.Options
    {
        IdColumnName = Embedding.Id,
        NeighborsColumnName = Neighbors,
        NeighborScoresColumnName = NeighborScores,
        NumberOfNeighbors = settings.Neighbors,
        NumberOfTrainingPenaltyNeighbors = settings.TrainPenaltyNeighbors,
        NumberOfQueryPenaltyNeighbors = settings.QueryPenaltyNeighbors,
        SameLandmarkSmoothing = settings.Smoothing,
        GpuDeviceId = gpu,
        FallbackToCpu = fallbackToCpu,
        CancellationToken = session.Cancellation,
    };
}
