using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>The layout of a saved <see cref="KnnLandmarkTransformer"/>: its settings, its rows, and what made their features.</summary>
/// <remarks>Format 1 knew neither weights nor expansion, formats 1 and 2 no fingerprints of the steps before.</remarks>
internal static class KnnLandmarkFormat
{
    public static readonly ModelFormat Format = new("LMKNNLMK", KnnLandmarkTransformer.LoaderName, Version: 3, OldestReadable: 1);

    // Rows are of unit length but for rounding, and so are their cosines.
    private const double LargestPenalty = 1 + 1e-6;

    private const string LandmarksEntry = "Landmarks", IdsEntry = "Ids", PenaltiesEntry = "Penalties", NonLandmarksEntry = "NonLandmarks";

    public static (KnnLandmarkSettings Settings, Gallery Gallery, Lineage Lineage) Read(ModelReader model)
    {
        KnnLandmarkSettings settings = ReadSettings(model);
        Gallery gallery = ReadGallery(model);
        Lineage lineage = model.Version <= 2 ? Lineage.Unknown : Lineage.Load(model);
        return (settings, gallery, lineage);
    }

    public static void Write(ModelWriter model, KnnLandmarkSettings settings, Gallery gallery, Lineage lineage)
    {
        WriteSettings(model, settings);
        WriteGallery(model, gallery);
        lineage.Save(model);
    }

    private static KnnLandmarkSettings ReadSettings(ModelReader model)
    {
        string features = model.ReadColumnName();
        string predictedLabel = model.ReadColumnName();
        string score = model.ReadColumnName();
        string? neighbors = model.ReadOptionalColumnName();
        string? neighborScores = model.ReadOptionalColumnName();
        string? queryPenalty = model.ReadOptionalColumnName();
        int neighborCount = model.ReadInt32("the number of neighbors", 1);
        int trainingPenaltyCount = model.ReadInt32("the number of training penalty neighbors", 1);
        int queryPenaltyCount = model.ReadInt32("the number of query penalty neighbors", 1);
        VoteSettings vote = model.Version == 1 ? VoteSettings.Notebook : ReadVote(model);
        int queryExpansion = model.Version == 1 ? 0 : model.ReadInt32("the query expansion", 0);
        var settings = new KnnLandmarkSettings(features, predictedLabel, score, neighbors, neighborScores, queryPenalty,
            neighborCount, trainingPenaltyCount, queryPenaltyCount, vote, queryExpansion);
        if (settings.ListsTooManyNeighbors)
            throw Errors.ModelDamaged(Format.LoaderName, $"the number of neighbors is {neighborCount}");
        return settings;
    }

    private static void WriteSettings(ModelWriter model, KnnLandmarkSettings settings)
    {
        model.Write(settings.FeatureColumnName);
        model.Write(settings.PredictedLabelColumnName);
        model.Write(settings.ScoreColumnName);
        model.WriteNullable(settings.NeighborsColumnName);
        model.WriteNullable(settings.NeighborScoresColumnName);
        model.WriteNullable(settings.QueryPenaltyColumnName);
        model.Write(settings.NumberOfNeighbors);
        model.Write(settings.NumberOfTrainingPenaltyNeighbors);
        model.Write(settings.NumberOfQueryPenaltyNeighbors);
        WriteVote(model, settings.Vote);
        model.Write(settings.QueryExpansion);
    }

    private static VoteSettings ReadVote(ModelReader model)
    {
        double trainingPenaltyWeight = model.ReadDouble("the training penalty weight", 0, KnnLandmarkEstimator.LargestWeight);
        double queryPenaltyWeight = model.ReadDouble("the query penalty weight", 0, KnnLandmarkEstimator.LargestWeight);
        double similarityExponent = model.ReadDouble("the similarity exponent", double.Epsilon, KnnLandmarkEstimator.LargestExponent);
        return new VoteSettings(trainingPenaltyWeight, queryPenaltyWeight, similarityExponent);
    }

    private static void WriteVote(ModelWriter model, VoteSettings vote)
    {
        model.Write(vote.TrainingPenaltyWeight);
        model.Write(vote.QueryPenaltyWeight);
        model.Write(vote.SimilarityExponent);
    }

    private static Gallery ReadGallery(ModelReader model)
    {
        int dimension = model.ReadInt32("the number of dimensions", 1);
        int count = model.ReadInt32("the number of landmark rows", 1);
        int nonLandmarkCount = model.ReadInt32("the number of non-landmark rows", 0);
        UnitRows landmarks = ReadRows(model, LandmarksEntry, count, dimension);
        UnitRows nonLandmarks = ReadRows(model, NonLandmarksEntry, nonLandmarkCount, dimension);
        double[] penalties = model.ReadEntry<double>(PenaltiesEntry, count);
        model.CheckValues(PenaltiesEntry, penalties, penalty => Math.Abs(penalty) <= LargestPenalty);
        string[]? ids = model.ReadBoolean() ? model.ReadStrings(IdsEntry, count) : null;
        var labels = LandmarkLabels.Load(model, count);
        return new Gallery(landmarks, labels, ids, penalties, nonLandmarks);
    }

    private static void WriteGallery(ModelWriter model, Gallery gallery)
    {
        model.Write(gallery.Landmarks.Dimension);
        model.Write(gallery.Landmarks.Count);
        model.Write(gallery.NonLandmarks.Count);
        model.WriteEntry(LandmarksEntry, gallery.Landmarks.Write);
        model.WriteEntry(NonLandmarksEntry, gallery.NonLandmarks.Write);
        model.WriteEntry<double>(PenaltiesEntry, gallery.Penalties);
        model.Write(gallery.Ids is not null);
        if (gallery.Ids is not null)
            model.WriteStrings(IdsEntry, gallery.Ids);
        gallery.Labels.Save(model);
    }

    private static UnitRows ReadRows(ModelReader model, string entry, int count, int dimension)
    {
        var rows = new UnitRows(dimension);
        int? wrong = null;
        model.ReadEntry(entry, (stream, length) =>
        {
            model.CheckLength<float>(entry, length, (long)count * dimension);
            rows = UnitRows.Read(stream, count, dimension, out wrong);
        });
        // After the checksum, which tells more.
        if (wrong is not null)
            throw model.Damaged(entry, $"has a row that is not of unit length, number {wrong}");
        return rows;
    }
}
