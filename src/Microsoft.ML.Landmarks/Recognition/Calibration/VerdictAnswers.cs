using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Reads by what answers are judged.</summary>
internal static class VerdictAnswers
{
    private static readonly AnswerColumns s_columns
        = new() { PredictedLabel = "Landmark", Score = "Confidence", FalseAlarmProbability = "VerdictScore" };

    /// <summary>The answers to rows, in order.</summary>
    /// <param name="learned">Answers them.</param>
    /// <param name="rows">None was learned from.</param>
    /// <returns>The predicted label as text, and the score; that of a row without an answer is below all.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static List<(string Label, float Score)> Read(LearnedLandmarks learned, TrainingRows rows)
    {
        KnnLandmarkTransformer judged = learned.Landmarks.JudgedBy(new ShownScore(), s_columns);
        IDataView answers = (learned with { Landmarks = judged }).Answer(rows.View);
        DataViewSchema.Column label = answers.Schema[s_columns.PredictedLabel], score = answers.Schema[s_columns.FalseAlarmProbability!];
        using DataViewRowCursor cursor = answers.GetRowCursor([label, score]);
        Func<string> readLabel = ColumnText.CreateLabelReader(cursor, "predicted label", label);
        ValueGetter<float> getScore = cursor.GetGetter<float>(score);
        List<(string, float)> read = [];
        while (cursor.MoveNext())
        {
            float value = 0;
            getScore(ref value);
            read.Add((readLabel(), float.IsNaN(value) ? float.NegativeInfinity : value));
        }

        return read;
    }

    /// <summary>Shows the score in place of a chance.</summary>
    private sealed class ShownScore : IVerdict
    {
        public Judgement Judge(VotedAnswer answer) => Judgement.None with { FalseAlarmProbability = VerdictScore.Of(answer) };
    }
}
