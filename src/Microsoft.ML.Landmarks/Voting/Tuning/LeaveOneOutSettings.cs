namespace Microsoft.ML.Landmarks.Voting.Tuning;

/// <summary>How fitted rows are asked in leave-one-out.</summary>
/// <param name="NumberOfNeighbors">Neighbors that vote.</param>
/// <param name="NumberOfTrainingPenaltyNeighbors">Non-landmarks that make the penalty of a training row.</param>
/// <param name="NumberOfQueryPenaltyNeighbors">Non-landmarks that make the penalty of a query.</param>
/// <param name="Tuning">How many rows are asked, and who is told how far it is.</param>
/// <param name="Parallelism">Threads and cancellation.</param>
internal sealed record LeaveOneOutSettings(
    int NumberOfNeighbors, int NumberOfTrainingPenaltyNeighbors, int NumberOfQueryPenaltyNeighbors, KnnLandmarkTuning Tuning,
    ParallelOptions Parallelism);
