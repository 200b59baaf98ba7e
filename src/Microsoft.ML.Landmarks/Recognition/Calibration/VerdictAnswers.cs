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
        return [.. (learned with { Landmarks = judged }).Answer(rows, s_columns.PredictedLabel, s_columns.FalseAlarmProbability!)
            .Select(answer => (answer.Label, float.IsNaN(answer.Score) ? float.NegativeInfinity : answer.Score))];
    }

    /// <summary>Shows the score in place of a chance.</summary>
    private sealed class ShownScore : IVerdict
    {
        public Judgement Judge(VotedAnswer answer) => Judgement.None with { FalseAlarmProbability = VerdictScore.Of(answer) };
    }
}
