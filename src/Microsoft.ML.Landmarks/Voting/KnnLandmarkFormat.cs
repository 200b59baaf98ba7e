using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>The layout of a saved <see cref="KnnLandmarkTransformer"/>: its settings, its rows, and what made their features.</summary>
/// <remarks>Format 1 knew neither weights nor expansion, formats 1 and 2 no fingerprints of the steps before, formats 1 to 3 neither the
/// columns after <see cref="AnswerColumns.QueryPenalty"/> nor ids of non-landmarks, formats 1 to 4 nothing of what a change of the rows
/// needs: the columns that were fitted, the smoothing, the rows before it, the nearest non-landmarks and the changes before, and formats 1
/// to 5 no rows that are elsewhere.</remarks>
internal static class KnnLandmarkFormat
{
    public static readonly ModelFormat Format = new("LMKNNLMK", KnnLandmarkTransformer.LoaderName, Version: 6, OldestReadable: 1);

    // Rows are of unit length but for rounding, and so are their cosines.
    private const double LargestPenalty = 1 + 1e-6;

    private const string LandmarksEntry = "Landmarks", IdsEntry = "Ids", PenaltiesEntry = "Penalties", NonLandmarksEntry = "NonLandmarks",
        NonLandmarkIdsEntry = "NonLandmarkIds", UnsmoothedEntry = "Unsmoothed", NearestEntry = "NearestNonLandmarks",
        NearestCosinesEntry = "NearestCosines";

    // What formats that did not say it were fitted with, unless told otherwise.
    private const string UsualLabel = "Label", UsualId = "Id";

    public static FittedLandmarks Read(ModelReader model)
    {
        KnnLandmarkSettings settings = ReadSettings(model);
        if (model.Version >= 6 && model.ReadBoolean())
            return ReadExternal(model, settings);
        Gallery gallery = ReadGallery(model);
        if (settings.Columns.Scores is not null && gallery.Labels.PlaceCount > KnnLandmarkSettings.MostPlaces)
            throw Errors.ModelDamaged(Format.LoaderName, $"the number of keys is {gallery.Labels.PlaceCount}");
        Lineage lineage = model.Version <= 2 ? Lineage.Unknown : Lineage.Load(model);
        var ofFit = new RowsOfFit(gallery.Landmarks.Count, gallery.NonLandmarks.Count);
        if (model.Version >= 5)
            return ReadMore(model, new FittedLandmarks(settings, gallery, null, lineage, [], ofFit), gallery);
        FittedColumns rows = settings.Rows with { Id = gallery.Ids is null ? null : UsualId };
        return new FittedLandmarks(settings with { Rows = rows }, gallery, null, lineage, [], ofFit);
    }

    public static void Write(ModelWriter model, FittedLandmarks fitted)
    {
        WriteSettings(model, fitted.Settings);
        model.Write(fitted.External is not null);
        if (fitted.External is { } external)
        {
            WriteExternal(model, external);
            fitted.Lineage.Save(model);
            WriteFittedColumns(model, fitted.Settings.Rows);
        }
        else
        {
            WriteGallery(model, fitted.Gallery!);
            fitted.Lineage.Save(model);
            WriteMore(model, fitted, fitted.Gallery!);
        }
    }

    private static FittedLandmarks ReadExternal(ModelReader model, KnnLandmarkSettings settings)
    {
        var external = new ExternalRows(model.ReadText("the kind of the index"), model.ReadText("the name of the index"),
            model.ReadText("the fingerprint of the index"), model.ReadInt32("the number of dimensions", 1));
        var lineage = Lineage.Load(model);
        settings = settings with { Rows = ReadFittedColumns(model, settings.Rows.Features), SameLandmarkSmoothing = 0 };
        return new FittedLandmarks(settings, null, null, lineage, [], default) { External = external };
    }

    private static void WriteExternal(ModelWriter model, ExternalRows external)
    {
        model.Write(external.Kind);
        model.Write(external.Name);
        model.Write(external.Fingerprint);
        model.Write(external.Dimension);
    }

    private static FittedColumns ReadFittedColumns(ModelReader model, string features) => new(features, model.ReadColumnName(),
        model.ReadOptionalColumnName(), model.ReadBoolean() ? model.ReadText("the label of non-landmarks") : "");

    private static void WriteFittedColumns(ModelWriter model, FittedColumns rows)
    {
        model.Write(rows.Label);
        model.WriteNullable(rows.Id);
        model.WriteNullable(rows.NonLandmarkLabel.Length == 0 ? null : rows.NonLandmarkLabel);
    }

    private static KnnLandmarkSettings ReadSettings(ModelReader model)
    {
        string features = model.ReadColumnName();
        AnswerColumns columns = ReadColumns(model);
        int neighborCount = model.ReadInt32("the number of neighbors", 1);
        int trainingPenaltyCount = model.ReadInt32("the number of training penalty neighbors", 1);
        int queryPenaltyCount = model.ReadInt32("the number of query penalty neighbors", 1);
        VoteSettings vote = model.Version == 1 ? VoteSettings.Plain : ReadVote(model);
        int queryExpansion = model.Version == 1 ? 0 : model.ReadInt32("the query expansion", 0);
        if (model.Version >= 4)
            columns = ReadMoreColumns(model, columns);
        var rows = new FittedColumns(features, UsualLabel, Id: null, LandmarkLabel.NonLandmarkText);
        var settings = new KnnLandmarkSettings(rows, columns, neighborCount, trainingPenaltyCount, queryPenaltyCount, vote,
            queryExpansion, SameLandmarkSmoothing: null)
        { IsTuned = vote != VoteSettings.Plain };
        if (settings.FindTooLong() is { } part)
            throw Errors.ModelDamaged(Format.LoaderName, settings.PlacesOf(part) == neighborCount
                ? $"the number of neighbors is {neighborCount}" : $"the number of query penalty neighbors is {queryPenaltyCount}");
        return settings;
    }

    private static void WriteSettings(ModelWriter model, KnnLandmarkSettings settings)
    {
        model.Write(settings.Rows.Features);
        WriteColumns(model, settings.Columns);
        model.Write(settings.NumberOfNeighbors);
        model.Write(settings.NumberOfTrainingPenaltyNeighbors);
        model.Write(settings.NumberOfQueryPenaltyNeighbors);
        WriteVote(model, settings.Vote);
        model.Write(settings.QueryExpansion);
        WriteMoreColumns(model, settings.Columns);
    }

    private static FittedLandmarks ReadMore(ModelReader model, FittedLandmarks fitted, Gallery gallery)
    {
        KnnLandmarkSettings settings = fitted.Settings;
        FittedColumns rows = ReadFittedColumns(model, settings.Rows.Features);
        if ((rows.Id is null) != (gallery.Ids is null))
            throw model.Damaged(rows.Id is null ? "it has ids of no column" : "it has no ids");
        double? smoothing = model.ReadBoolean()
            ? model.ReadDouble("the smoothing", 0, LandmarkOptions.LargestSmoothing) : null;
        if (smoothing > 0)
            gallery = gallery with
            {
                Unsmoothed = model.ReadRows(UnsmoothedEntry, gallery.Landmarks.Count, gallery.Landmarks.Dimension),
            };
        bool isTuned = model.ReadBoolean();
        NearestNonLandmarks? nearest = model.ReadBoolean() ? ReadNearest(model, settings, gallery) : null;
        List<LandmarkChange> changes = [];
        for (int left = model.ReadInt32("the number of changes", 0); left > 0; left--)
            changes.Add(ReadChange(model));
        var ofFit = new RowsOfFit(model.ReadInt32("the number of landmark rows of Fit", 0, fitted.OfFit.Landmarks),
            model.ReadInt32("the number of non-landmark rows of Fit", 0, fitted.OfFit.NonLandmarks));
        return fitted with
        {
            Settings = settings with { Rows = rows, SameLandmarkSmoothing = smoothing, IsTuned = isTuned },
            Gallery = gallery,
            Nearest = nearest,
            Changes = changes,
            OfFit = ofFit,
        };
    }

    private static void WriteMore(ModelWriter model, FittedLandmarks fitted, Gallery gallery)
    {
        WriteFittedColumns(model, fitted.Settings.Rows);
        model.Write(fitted.Settings.SameLandmarkSmoothing is not null);
        if (fitted.Settings.SameLandmarkSmoothing is { } smoothing)
            model.Write(smoothing);
        if (gallery.Unsmoothed is { } unsmoothed)
            model.WriteEntry(UnsmoothedEntry, unsmoothed.Write);
        model.Write(fitted.Settings.IsTuned);
        model.Write(fitted.Nearest is not null);
        if (fitted.Nearest is { } nearest)
        {
            model.WriteEntry<int>(NearestEntry, nearest.Rows);
            model.WriteEntry<double>(NearestCosinesEntry, nearest.Cosines);
        }

        model.Write(fitted.Changes.Count);
        foreach (LandmarkChange change in fitted.Changes)
            WriteChange(model, change);
        model.Write(fitted.OfFit.Landmarks);
        model.Write(fitted.OfFit.NonLandmarks);
    }

    private static NearestNonLandmarks ReadNearest(ModelReader model, KnnLandmarkSettings settings, Gallery gallery)
    {
        int nonLandmarks = gallery.NonLandmarks.Count,
            count = NearestNonLandmarks.CountOf(settings.NumberOfTrainingPenaltyNeighbors, nonLandmarks);
        long places = (long)count * gallery.Landmarks.Count;
        if (places is 0 or > int.MaxValue)
            throw model.Damaged("it has nearest non-landmarks of none");
        int[] rows = model.ReadEntry<int>(NearestEntry, (int)places);
        model.CheckValues(NearestEntry, rows, row => row >= 0 && row < nonLandmarks);
        double[] cosines = model.ReadEntry<double>(NearestCosinesEntry, (int)places);
        model.CheckValues(NearestCosinesEntry, cosines, cosine => Math.Abs(cosine) <= LargestPenalty);
        var nearest = new NearestNonLandmarks(count, rows, cosines);
        return nearest.FindOutOfOrder() is { } row
            ? throw model.Damaged(NearestCosinesEntry, $"has those of row {row} out of order") : nearest;
    }

    private static LandmarkChange ReadChange(ModelReader model) => new()
    {
        Time = new DateTimeOffset((long)model.ReadUInt64("the time of a change", 0, (ulong)DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero),
        AddedLandmarkRows = model.ReadInt32("the number of added landmark rows", 0),
        AddedNonLandmarkRows = model.ReadInt32("the number of added non-landmark rows", 0),
        RemovedLandmarkRows = model.ReadInt32("the number of removed landmark rows", 0),
        RemovedNonLandmarkRows = model.ReadInt32("the number of removed non-landmark rows", 0),
    };

    private static void WriteChange(ModelWriter model, LandmarkChange change)
    {
        model.Write(change.Time.UtcTicks);
        model.Write(change.AddedLandmarkRows);
        model.Write(change.AddedNonLandmarkRows);
        model.Write(change.RemovedLandmarkRows);
        model.Write(change.RemovedNonLandmarkRows);
    }

    private static AnswerColumns ReadColumns(ModelReader model) => new()
    {
        PredictedLabel = model.ReadColumnName(),
        Score = model.ReadColumnName(),
        Neighbors = model.ReadOptionalColumnName(),
        NeighborScores = model.ReadOptionalColumnName(),
        QueryPenalty = model.ReadOptionalColumnName(),
    };

    private static void WriteColumns(ModelWriter model, AnswerColumns columns)
    {
        model.Write(columns.PredictedLabel);
        model.Write(columns.Score);
        model.WriteNullable(columns.Neighbors);
        model.WriteNullable(columns.NeighborScores);
        model.WriteNullable(columns.QueryPenalty);
    }

    private static AnswerColumns ReadMoreColumns(ModelReader model, AnswerColumns columns)
    {
        columns = columns with
        {
            NeighborLabels = model.ReadOptionalColumnName(),
            NeighborPenalties = model.ReadOptionalColumnName(),
            NonLandmarkNeighbors = model.ReadOptionalColumnName(),
            NonLandmarkNeighborScores = model.ReadOptionalColumnName(),
            TopLabels = model.ReadOptionalColumnName(),
            TopScores = model.ReadOptionalColumnName(),
            Scores = model.ReadOptionalColumnName(),
        };
        int fewest = (columns.TopLabels ?? columns.TopScores) is null ? 0 : 1;
        return columns with
        {
            NumberOfTopLandmarks = model.ReadInt32("the number of top landmarks", fewest, KnnLandmarkSettings.MostPlaces),
        };
    }

    private static void WriteMoreColumns(ModelWriter model, AnswerColumns columns)
    {
        model.WriteNullable(columns.NeighborLabels);
        model.WriteNullable(columns.NeighborPenalties);
        model.WriteNullable(columns.NonLandmarkNeighbors);
        model.WriteNullable(columns.NonLandmarkNeighborScores);
        model.WriteNullable(columns.TopLabels);
        model.WriteNullable(columns.TopScores);
        model.WriteNullable(columns.Scores);
        model.Write(columns.NumberOfTopLandmarks);
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
        UnitRows landmarks = model.ReadRows(LandmarksEntry, count, dimension);
        UnitRows nonLandmarks = model.ReadRows(NonLandmarksEntry, nonLandmarkCount, dimension);
        double[] penalties = model.ReadEntry<double>(PenaltiesEntry, count);
        model.CheckValues(PenaltiesEntry, penalties, penalty => Math.Abs(penalty) <= LargestPenalty);
        string[]? ids = model.ReadBoolean() ? model.ReadStrings(IdsEntry, count) : null;
        string[]? nonLandmarkIds = model.Version >= 4 && model.ReadBoolean()
            ? model.ReadStrings(NonLandmarkIdsEntry, nonLandmarkCount) : null;
        var labels = LandmarkLabels.Load(model, count);
        return new Gallery(landmarks, labels, ids, penalties, nonLandmarks, nonLandmarkIds);
    }

    private static void WriteGallery(ModelWriter model, Gallery gallery)
    {
        model.Write(gallery.Landmarks.Dimension);
        model.Write(gallery.Landmarks.Count);
        model.Write(gallery.NonLandmarks.Count);
        model.WriteEntry(LandmarksEntry, gallery.Landmarks.Write);
        model.WriteEntry(NonLandmarksEntry, gallery.NonLandmarks.Write);
        model.WriteEntry<double>(PenaltiesEntry, gallery.Penalties);
        WriteIds(model, IdsEntry, gallery.Ids);
        WriteIds(model, NonLandmarkIdsEntry, gallery.NonLandmarkIds);
        gallery.Labels.Save(model);
    }

    private static void WriteIds(ModelWriter model, string entry, string[]? ids)
    {
        model.Write(ids is not null);
        if (ids is not null)
            model.WriteStrings(entry, ids);
    }
}
