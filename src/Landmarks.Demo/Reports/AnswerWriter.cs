using Landmarks.Demo.Data;
using Landmarks.Demo.Output;

namespace Landmarks.Demo.Reports;

/// <summary>Shows the answers to queries to a reader.</summary>
internal static class AnswerWriter
{
    /// <summary>A line for each query.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<Answer> answers, LandmarkNames names, UnreadablePhotographs unreadable)
    {
        for (int i = 0; i < answers.Count; i++)
        {
            Answer answer = answers[i];
            float? score = answer.IsMissing ? null : answer.Score;
            terminal.WriteLine($"{answer.Id}: {TextAnswerWriter.Describe(names.Of(answer.PredictedLabel), score, unreadable.Contains(i))}");
        }
    }
}
