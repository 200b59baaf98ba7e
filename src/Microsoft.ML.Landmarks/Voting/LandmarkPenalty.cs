using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// The non-landmarks that are nearest to a landmark row, of which its penalty is made: what fitting KnnLandmark searches for longest.
/// Several processes find them, each for its own rows, by <see cref="KnnLandmarkEstimator.FindPenalties"/> or
/// <see cref="LandmarkRecognizingEstimator.FindPenalties"/>, and one fits with all of them.
/// </summary>
/// <param name="OfWhitenedRows">Whether the rows are those that <see cref="LandmarkRecognizingEstimator"/> has whitened.</param>
/// <param name="Row">The number of the landmark row, from 0, among those that Fit keeps, in their order: those without a cosine don't
/// count.</param>
/// <param name="NonLandmarks">The numbers of the non-landmarks, from 0, among those that Fit learns from, in their order; best first, of
/// equal ones the lower number first. One more than make a penalty, or all where there are fewer.</param>
/// <param name="Cosines">As many: their cosines to the landmark row, in double precision.</param>
public sealed record LandmarkPenalty(bool OfWhitenedRows, int Row, IReadOnlyList<int> NonLandmarks, IReadOnlyList<double> Cosines)
{
    /// <summary>The penalty: the mean of the largest cosines; 0 of none.</summary>
    /// <param name="count">How many make it, <see cref="LandmarkOptions.NumberOfTrainingPenaltyNeighbors"/>: at least 1, all where there
    /// are fewer.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public double Penalty(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Voting.Index.Penalty.Mean(
            [.. NonLandmarks.Zip(Cosines, (row, cosine) => new NonLandmarkNeighbor(row, cosine)).Take(count)]);
    }
}
