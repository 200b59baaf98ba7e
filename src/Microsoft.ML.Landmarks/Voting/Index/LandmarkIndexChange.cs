using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Makes of a fitted index that of rows which were changed: the same as one that is fitted to them.</summary>
/// <param name="index">The index before, which stays as it is.</param>
/// <param name="penaltyNeighbors">How many non-landmarks make the penalty of a row.</param>
/// <param name="smoothing">How far landmark rows are drawn towards those of their landmark.</param>
/// <param name="parallelism">Threads and cancellation.</param>
/// <param name="env">The environment.</param>
internal sealed class LandmarkIndexChange(LandmarkIndex index, int penaltyNeighbors, double smoothing, ParallelOptions parallelism,
    IHostEnvironment env)
{
    private readonly Gallery _before = index.Gallery;

    /// <param name="landmarks">What becomes of the landmark rows.</param>
    /// <param name="nonLandmarks">What becomes of the non-landmarks.</param>
    /// <param name="added">The new rows; null for none.</param>
    /// <param name="labelColumn">Where their labels stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">The new labels are of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LandmarkIndex Apply(RowChange landmarks, RowChange nonLandmarks, LandmarkRows? added, string labelColumn)
    {
        int d = _before.Landmarks.Dimension;
        LandmarkLabels labels = _before.Labels.After(landmarks, added?.Labels, labelColumn);
        UnitRows unsmoothed = (_before.Unsmoothed ?? _before.Landmarks).After(landmarks, added?.Landmarks ?? new UnitRows(d));
        UnitRows others = _before.NonLandmarks.After(nonLandmarks, added?.NonLandmarks ?? new UnitRows(d));
        UnitRows rows = smoothing == 0 ? unsmoothed : RowSmoothing.Smooth(unsmoothed, labels.LandmarkOfRow, smoothing, parallelism);
        INeighborEngine engine = LandmarkIndex.CreateNonLandmarkEngine(others, rows, index.Device, queries: null, parallelism, env);
        var penalties = new double[rows.Count];
        int count = Math.Min(penaltyNeighbors, others.Count);
        NearestNonLandmarks? nearest = null;
        if (count > 0)
        {
            int keptCount = NearestNonLandmarks.CountOf(penaltyNeighbors, others.Count);
            nearest = NearestNonLandmarks.Allocate(rows, keptCount);
            NearestNonLandmarks.Search(engine, rows, nearest is null ? count : keptCount, parallelism, (row, found) =>
            {
                penalties[row] = Penalty.Mean(found[..count]);
                nearest?.Set(row, found);
            });
        }

        var gallery = new Gallery(rows, labels, ApplyToIds(landmarks, _before.Ids, added?.Ids), penalties, others,
            ApplyToIds(nonLandmarks, _before.NonLandmarkIds, added?.NonLandmarkIds), smoothing == 0 ? null : unsmoothed);
        return LandmarkIndex.Complete(gallery, engine, nearest, index.Device, queries: null, parallelism, env);
    }

    private static string[]? ApplyToIds(RowChange change, string[]? before, string[]? added)
        => before is null ? null : change.Apply<string>(before, added);
}
