using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>Reads answers from the columns in which a model shows them; what has no column is missing.</summary>
internal sealed class AnswerReader
{
    private readonly DataViewRow _row;
    private readonly bool _isOfOthers;
    private readonly Func<string, string> _nameOf;
    private readonly Func<string> _readLabel;
    private readonly Func<float> _readScore;
    private readonly Func<bool?> _readVerdict;
    private readonly Func<float?> _readFalseAlarm, _readUnknown, _readQueryPenalty;
    private readonly Func<string?[]> _readTop, _readNeighbors, _readNeighborLabels, _readNonLandmarks;
    private readonly Func<float[]> _readTopScores, _readNeighborScores, _readPenalties, _readSimilarities;

    /// <param name="row">Gives the answers.</param>
    /// <param name="columns">The columns that show them; a part whose column is null or not there is missing.</param>
    /// <param name="isOfOthers">Whether the model is no landmark step's.</param>
    /// <param name="nameOf">The name of a landmark by its label.</param>
    public AnswerReader(DataViewRow row, AnswerColumns columns, bool isOfOthers, Func<string, string> nameOf)
    {
        (_row, _isOfOthers, _nameOf) = (row, isOfOthers, nameOf);
        _readLabel = ColumnText.CreateLabelReader(row, "predicted label", row.Schema[columns.PredictedLabel]);
        DataViewSchema.Column score = row.Schema[columns.Score];
        // A classifier scores each of its classes; the largest is that of its prediction.
        _readScore = score.Type is VectorDataViewType
            ? ColumnText.Reader(row.GetGetter<VBuffer<float>>(score), values => values.Length == 0 ? float.NaN : values.DenseValues().Max())
            : ColumnText.Reader(row.GetGetter<float>(score), value => value);
        (_readTop, _readTopScores) = (Texts(columns.TopLabels), Singles(columns.TopScores));
        (_readNeighbors, _readNeighborLabels) = (Texts(columns.Neighbors), Texts(columns.NeighborLabels));
        (_readNeighborScores, _readPenalties) = (Singles(columns.NeighborScores), Singles(columns.NeighborPenalties));
        (_readNonLandmarks, _readSimilarities) = (Texts(columns.NonLandmarkNeighbors), Singles(columns.NonLandmarkNeighborScores));
        _readVerdict = One<bool, bool?>(columns.IsLandmark, value => value);
        (_readFalseAlarm, _readUnknown) = (Single(columns.FalseAlarmProbability), Single(columns.UnknownLandmarkProbability));
        _readQueryPenalty = Single(columns.QueryPenalty);
    }

    /// <summary>The answer of the row at hand, without an id.</summary>
    public LandmarkAnswer Read()
    {
        string label = _readLabel();
        float score = _readScore();
        if (label.Length == 0 || float.IsNaN(score))
            return new LandmarkAnswer { IsLandmark = _readVerdict() };
        // What learned photographs of no landmark as a class of their own says by that class that there is none.
        if (_isOfOthers && LandmarkName.IsNone(label))
            return new LandmarkAnswer { IsLandmark = false, Score = score };
        return new LandmarkAnswer
        {
            Landmark = label,
            Name = _nameOf(label),
            Score = score,
            IsLandmark = _readVerdict(),
            FalseAlarmProbability = _readFalseAlarm(),
            UnknownLandmarkProbability = _readUnknown(),
            Top = List(_readTopScores(), _readTop(), (place, top, landmark) => new LandmarkCandidate(landmark, _nameOf(landmark), top)),
            Neighbors = ReadNeighbors(),
            NonLandmarkNeighbors = List(_readSimilarities(), _readNonLandmarks(),
                (place, similarity, id) => new NonLandmarkLikeness(id, similarity)),
            QueryPenalty = _readQueryPenalty(),
        };
    }

    private VotingNeighbor[] ReadNeighbors()
    {
        string?[] labels = _readNeighborLabels();
        float[] penalties = _readPenalties();
        return List(_readNeighborScores(), _readNeighbors(), (place, score, id) =>
            new VotingNeighbor(id, labels[place] ?? "", score + penalties[place], penalties[place], score));
    }

    // Unused places have no number.
    private static T[] List<T>(float[] numbers, string?[] texts, Func<int, float, string, T> create)
        => [.. Enumerable.Range(0, numbers.Length).Where(i => !float.IsNaN(numbers[i])).Select(i => create(i, numbers[i], texts[i] ?? ""))];

    private Func<string?[]> Texts(string? name)
        => Find(name) is { } column ? ColumnText.CreateLabelsReader(_row, "answer", column) : () => [];

    private Func<float[]> Singles(string? name)
        => Find(name) is { } column
            ? ColumnText.Reader(_row.GetGetter<VBuffer<float>>(column), values => values.DenseValues().ToArray()) : () => [];

    private Func<float?> Single(string? name) => One<float, float?>(name, value => float.IsNaN(value) ? null : value);

    private Func<TResult?> One<T, TResult>(string? name, Func<T, TResult> convert)
        => Find(name) is { } column ? ColumnText.Reader(_row.GetGetter<T>(column), convert)! : () => default;

    private DataViewSchema.Column? Find(string? name) => name is null ? null : _row.Schema.GetColumnOrNull(name);
}
