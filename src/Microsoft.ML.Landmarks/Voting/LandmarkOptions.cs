using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What all steps that name landmarks by their nearest training rows can be told.</summary>
public abstract class LandmarkOptions : StepOptions
{
    internal const double LargestSmoothing = 10;

    /// <summary>The values that are taken unless told otherwise.</summary>
    protected LandmarkOptions()
    {
    }

    /// <summary>Those of another step.</summary>
    private protected LandmarkOptions(LandmarkOptions other) : base(other)
    {
        LabelColumnName = other.LabelColumnName;
        FeatureColumnName = other.FeatureColumnName;
        PredictedLabelColumnName = other.PredictedLabelColumnName;
        ScoreColumnName = other.ScoreColumnName;
        IdColumnName = other.IdColumnName;
        NeighborsColumnName = other.NeighborsColumnName;
        NeighborScoresColumnName = other.NeighborScoresColumnName;
        NeighborLabelsColumnName = other.NeighborLabelsColumnName;
        NeighborPenaltiesColumnName = other.NeighborPenaltiesColumnName;
        QueryPenaltyColumnName = other.QueryPenaltyColumnName;
        NonLandmarkNeighborsColumnName = other.NonLandmarkNeighborsColumnName;
        NonLandmarkNeighborScoresColumnName = other.NonLandmarkNeighborScoresColumnName;
        NumberOfTopLandmarks = other.NumberOfTopLandmarks;
        TopLabelsColumnName = other.TopLabelsColumnName;
        TopScoresColumnName = other.TopScoresColumnName;
        ScoresColumnName = other.ScoresColumnName;
        NumberOfNeighbors = other.NumberOfNeighbors;
        NumberOfTrainingPenaltyNeighbors = other.NumberOfTrainingPenaltyNeighbors;
        NumberOfQueryPenaltyNeighbors = other.NumberOfQueryPenaltyNeighbors;
        SameLandmarkSmoothing = other.SameLandmarkSmoothing;
        NonLandmarkLabel = other.NonLandmarkLabel;
        AllowNoNonLandmarks = other.AllowNoNonLandmarks;
        GpuDeviceId = other.GpuDeviceId;
        FallbackToCpu = other.FallbackToCpu;
    }

    /// <summary>Int32, Int64, text or key; read by Fit only.</summary>
    public string LabelColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(LabelColumnName)); field = value; }
    } = "Label";

    /// <summary>A vector of Single of known size, dense or sparse. It is scaled to unit length here.</summary>
    public string FeatureColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(FeatureColumnName)); field = value; }
    } = "Features";

    /// <summary>The column that is added with the landmark, of the label's type; a missing row has the missing value (key 0, number -1,
    /// empty text).</summary>
    public string PredictedLabelColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(PredictedLabelColumnName)); field = value; }
    } = "PredictedLabel";

    /// <summary>The column that is added with the confidence: Single, higher is surer, no probability; NaN for a missing row.</summary>
    public string ScoreColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(ScoreColumnName)); field = value; }
    } = "Score";

    /// <summary>
    /// A text column with an id for each row, by which neighbors and non-landmarks are named; read by Fit only. Rows of a second view of
    /// non-landmarks that has no such column have an empty id. Null: they are named by position.
    /// </summary>
    public string? IdColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(IdColumnName)); }
    }

    /// <summary>
    /// The column that is added with the neighbors, best first: a vector of <see cref="NumberOfNeighbors"/> ids, or of Int64 positions
    /// among the fitted landmark rows from 0. Unused places are empty text or -1. Null: no such column.
    /// </summary>
    public string? NeighborsColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NeighborsColumnName)); }
    }

    /// <summary>The column that is added with the neighbors' scores, cosine minus weighted penalty: a vector of
    /// <see cref="NumberOfNeighbors"/> Singles, NaN in unused places. Null: no such column.</summary>
    public string? NeighborScoresColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NeighborScoresColumnName)); }
    }

    /// <summary>The column that is added with the neighbors' labels: a vector of <see cref="NumberOfNeighbors"/> of the label's type, the
    /// missing value in unused places. Null: no such column.</summary>
    public string? NeighborLabelsColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NeighborLabelsColumnName)); }
    }

    /// <summary>
    /// The column that is added with what was taken off the neighbors' cosines, weight times penalty, so that a neighbor's score and this
    /// sum up to its cosine: a vector of <see cref="NumberOfNeighbors"/> Singles, NaN in unused places. Null: no such column.
    /// </summary>
    public string? NeighborPenaltiesColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NeighborPenaltiesColumnName)); }
    }

    /// <summary>The column that is added with the query's own penalty, before its weight: Single. Null: no such column.</summary>
    public string? QueryPenaltyColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(QueryPenaltyColumnName)); }
    }

    /// <summary>
    /// The column that is added with the non-landmarks whose cosines make the query's penalty, best first: a vector of
    /// <see cref="NumberOfQueryPenaltyNeighbors"/> ids, or of Int64 positions among the fitted non-landmark rows from 0. Unused places are
    /// empty text or -1. Null: no such column.
    /// </summary>
    public string? NonLandmarkNeighborsColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NonLandmarkNeighborsColumnName)); }
    }

    /// <summary>The column that is added with the cosines of those non-landmarks: a vector of
    /// <see cref="NumberOfQueryPenaltyNeighbors"/> Singles, NaN in unused places. Null: no such column.</summary>
    public string? NonLandmarkNeighborScoresColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(NonLandmarkNeighborScoresColumnName)); }
    }

    /// <summary>
    /// How many landmarks are ranked in <see cref="TopLabelsColumnName"/> and <see cref="TopScoresColumnName"/>, from 0, which adds neither
    /// column, to 16,777,216. The search goes as deep as that needs: where landmarks have many rows each, it costs more than a prediction.
    /// </summary>
    public int NumberOfTopLandmarks
    {
        get;
        init
        {
            field = value is >= 0 and <= KnnLandmarkSettings.MostPlaces
                ? value : throw Errors.OptionRange(nameof(NumberOfTopLandmarks), value, $"from 0 to {KnnLandmarkSettings.MostPlaces}");
        }
    }

    /// <summary>
    /// The column that is added with the landmarks that a row shows most likely, where <see cref="NumberOfTopLandmarks"/> is above 0: a
    /// vector of so many of the label's type. First the landmarks that have votes, by the sums of their votes, the prediction before all;
    /// then the others, by the vote that their best row would give. Of equal ones that with the better row stands first, of equal rows the
    /// one that was fitted earlier. Where there are fewer landmarks, and in a missing row, the missing value.
    /// </summary>
    public string TopLabelsColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(TopLabelsColumnName)); field = value; }
    } = "TopLabels";

    /// <summary>
    /// The column that is added with the votes of the landmarks in <see cref="TopLabelsColumnName"/>: a vector of as many Singles. For a
    /// landmark that has votes their sum, for another the vote that its best row would give. The query's own penalty is not taken off. NaN
    /// where there is no landmark.
    /// </summary>
    public string TopScoresColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(TopScoresColumnName)); field = value; }
    } = "TopScores";

    /// <summary>
    /// The column that is added with a share of certainty for each landmark: a vector of Singles that sum up to 1, the softmax of the sums
    /// of votes of the landmarks that have votes, 0 for all others, NaN in a missing row. Null: no such column.
    /// </summary>
    /// <remarks>
    /// Its slot names are the labels. Where labels are keys, there is a slot for each key value, non-landmarks' too, as ML.NET's metrics
    /// for multiclass classification expect; else one for each landmark, in the order in which they were fitted. There are at most
    /// 16,777,216. ML.NET's <c>CrossValidate</c> looks for a column of this kind that is called Score: name this one so, and
    /// <see cref="ScoreColumnName"/> otherwise. Where shares are equal, as all of 0 are, those metrics take the first slot for the better.
    /// </remarks>
    public string? ScoresColumnName
    {
        get;
        init { field = ColumnName.CheckOptional(value, nameof(ScoresColumnName)); }
    }

    /// <summary>
    /// How many rows vote; at least 1, all where there are fewer. With <see cref="NeighborsColumnName"/> or
    /// <see cref="NeighborScoresColumnName"/>, whose vectors have so many places whatever the number of rows, at most 16,777,216.
    /// </summary>
    public int NumberOfNeighbors
    {
        get;
        init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfNeighbors)); field = value; }
    } = KnnLandmarkEstimator.Defaults.NumberOfNeighbors;

    /// <summary>The mean of how many cosines to non-landmarks is the penalty of a training row; at least 1, all where there are
    /// fewer.</summary>
    public int NumberOfTrainingPenaltyNeighbors
    {
        get;
        init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfTrainingPenaltyNeighbors)); field = value; }
    } = KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors;

    /// <summary>The mean of how many cosines to non-landmarks is the penalty of a query; at least 1, all where there are
    /// fewer.</summary>
    public int NumberOfQueryPenaltyNeighbors
    {
        get;
        init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(NumberOfQueryPenaltyNeighbors)); field = value; }
    } = KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors;

    /// <summary>
    /// The factor w of a smoothing of the fitted rows, from 0, which is none, to 10: each landmark row becomes the row plus w times the
    /// mean of its 3 nearest rows (by cosine) of the same landmark, fewer where there are fewer, scaled to unit length. Penalties are those
    /// of the new rows. It costs a query nothing; Fit compares the rows of each landmark with one another. A tuning chooses on the rows
    /// before they are smoothed.
    /// </summary>
    public double SameLandmarkSmoothing
    {
        get;
        init
        {
            field = value is >= 0 and <= LargestSmoothing
                ? value : throw Errors.OptionRange(nameof(SameLandmarkSmoothing), value, $"from 0 to {LargestSmoothing:F0}");
        }
    }

    /// <summary>The label of a non-landmark, as text; for a key, its key value. A missing key and empty text are non-landmarks
    /// too.</summary>
    public string NonLandmarkLabel
    {
        get;
        init { ArgumentNullException.ThrowIfNull(value, nameof(NonLandmarkLabel)); field = value; }
    } = KnnLandmarkEstimator.Defaults.NonLandmarkLabel;

    /// <summary>Whether Fit goes on without any non-landmark row; all penalties are 0 then.</summary>
    public bool AllowNoNonLandmarks { get; init; }

    /// <summary>
    /// The GPU to search on, by CUDA's number. Null: <see cref="MLContext.GpuDeviceId"/> with <see cref="MLContext.FallbackToCpu"/>,
    /// and without that the CPU. Results are the same bits on both. It is no part of the model: one that is loaded works where the
    /// context that loads it says.
    /// </summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether the CPU may take the place of the GPU in <see cref="GpuDeviceId"/> where that can't be used; a warning says
    /// so.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>The GPU to search on; null for the CPU.</summary>
    /// <exception cref="GpuUnavailableException">The GPU can't be used, and the CPU may not take its place.</exception>
    internal SearchDevice? ChooseDevice(IHostEnvironment env) => SearchDevices.Choose(env, GpuDeviceId, FallbackToCpu);

    /// <summary>The columns that Fit reads.</summary>
    internal FittedColumns FittedColumns => new(FeatureColumnName, LabelColumnName, IdColumnName, NonLandmarkLabel);

    /// <summary>The columns of answers.</summary>
    internal virtual AnswerColumns Columns => new()
    {
        PredictedLabel = PredictedLabelColumnName,
        Score = ScoreColumnName,
        Neighbors = NeighborsColumnName,
        NeighborScores = NeighborScoresColumnName,
        NeighborLabels = NeighborLabelsColumnName,
        NeighborPenalties = NeighborPenaltiesColumnName,
        QueryPenalty = QueryPenaltyColumnName,
        NonLandmarkNeighbors = NonLandmarkNeighborsColumnName,
        NonLandmarkNeighborScores = NonLandmarkNeighborScoresColumnName,
        TopLabels = NumberOfTopLandmarks > 0 ? TopLabelsColumnName : null,
        TopScores = NumberOfTopLandmarks > 0 ? TopScoresColumnName : null,
        Scores = ScoresColumnName,
        NumberOfTopLandmarks = NumberOfTopLandmarks,
    };

    /// <summary>The columns that are added, each with the option that names it.</summary>
    internal virtual IEnumerable<(string Option, string Name)> AddedColumns
        => Columns.Added.Select(column => ($"{column.Part}ColumnName", column.Name));

    /// <summary>What is part of the model.</summary>
    internal KnnLandmarkSettings CreateSettings(VoteSettings vote, int queryExpansion) => new(FittedColumns, Columns,
        NumberOfNeighbors, NumberOfTrainingPenaltyNeighbors, NumberOfQueryPenaltyNeighbors, vote, queryExpansion, SameLandmarkSmoothing);

    /// <exception cref="ArgumentException">Two columns have one name, or one has more places than a column holds.</exception>
    internal void CheckColumns()
    {
        foreach (IGrouping<string, (string Option, string Name)> same in AddedColumns.GroupBy(column => column.Name))
        {
            if (same.Count() > 1)
                throw Errors.ColumnTwice(same.Key, [.. same.Select(column => column.Option)]);
        }

        if (CreateSettings(VoteSettings.Plain, queryExpansion: 0).FindTooLong() is not { } part)
            return;
        if (part is AnswerPart.Neighbors or AnswerPart.NeighborScores)
            throw Errors.ListedNeighbors(NumberOfNeighbors, KnnLandmarkSettings.MostPlaces);
        (string option, int count) = part is AnswerPart.NeighborLabels or AnswerPart.NeighborPenalties
            ? (nameof(NumberOfNeighbors), NumberOfNeighbors) : (nameof(NumberOfQueryPenaltyNeighbors), NumberOfQueryPenaltyNeighbors);
        throw Errors.ListedPlaces(option, count, $"{part}ColumnName", KnnLandmarkSettings.MostPlaces);
    }
}
