using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>The fitted rows: landmarks with their labels, ids and penalties, and non-landmarks.</summary>
/// <param name="Landmarks">[n, d].</param>
/// <param name="Labels">The labels of the landmark rows.</param>
/// <param name="Ids">[n], the ids of the landmark rows; null where there are none.</param>
/// <param name="Penalties">[n], the mean of each landmark row's largest cosines to non-landmarks.</param>
/// <param name="NonLandmarks">[v, d].</param>
internal sealed record Gallery(UnitRows Landmarks, LandmarkLabels Labels, string[]? Ids, double[] Penalties, UnitRows NonLandmarks)
{
    // Rows are of unit length but for rounding, and so are their cosines.
    private const double LargestPenalty = 1 + 1e-6;

    private const string LandmarksEntry = "Landmarks", IdsEntry = "Ids", PenaltiesEntry = "Penalties", NonLandmarksEntry = "NonLandmarks";

    /// <summary>The penalties times <paramref name="trainingPenaltyWeight"/>.</summary>
    public double[] WeightedPenalties(double trainingPenaltyWeight) => [.. Penalties.Select(penalty => trainingPenaltyWeight * penalty)];

    public static Gallery Load(ModelReader model)
    {
        int dimension = model.ReadInt32("the number of dimensions", 1);
        int count = model.ReadInt32("the number of landmark rows", 1);
        int nonLandmarkCount = model.ReadInt32("the number of non-landmark rows", 0);
        UnitRows landmarks = ReadRows(LandmarksEntry, count), nonLandmarks = ReadRows(NonLandmarksEntry, nonLandmarkCount);
        double[] penalties = model.ReadEntry<double>(PenaltiesEntry, count);
        model.CheckValues(PenaltiesEntry, penalties, penalty => Math.Abs(penalty) <= LargestPenalty);
        string[]? ids = model.ReadBoolean() ? model.ReadStrings(IdsEntry, count) : null;
        return new Gallery(landmarks, LandmarkLabels.Load(model, count), ids, penalties, nonLandmarks);

        UnitRows ReadRows(string entry, int rows)
        {
            var read = new UnitRows(dimension);
            int? wrong = null;
            model.ReadEntry(entry, (stream, length) =>
            {
                model.CheckLength<float>(entry, length, (long)rows * dimension);
                read = UnitRows.Read(stream, rows, dimension, out wrong);
            });
            // After the checksum, which tells more.
            if (wrong is not null)
                throw model.Damaged(entry, $"has a row that is not of unit length, number {wrong}");
            return read;
        }
    }

    public void Save(ModelWriter model)
    {
        model.Write(Landmarks.Dimension);
        model.Write(Landmarks.Count);
        model.Write(NonLandmarks.Count);
        model.WriteEntry(LandmarksEntry, Landmarks.Write);
        model.WriteEntry(NonLandmarksEntry, NonLandmarks.Write);
        model.WriteEntry<double>(PenaltiesEntry, Penalties);
        model.Write(Ids is not null);
        if (Ids is not null)
            model.WriteStrings(IdsEntry, Ids);
        Labels.Save(model);
    }
}
