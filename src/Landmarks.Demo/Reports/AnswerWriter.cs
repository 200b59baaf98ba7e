using Landmarks.Demo.Data;
using Landmarks.Demo.Output;

namespace Landmarks.Demo.Reports;

/// <summary>Shows answers to a reader.</summary>
internal static class AnswerWriter
{
    private const string Unreadable = "unreadable", NoNumbers = "no answer, since the network makes zeros of it, or no finite numbers";

    /// <summary>A line for each query.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<Answer> answers, LandmarkNames names, UnreadablePhotographs unreadable)
    {
        for (int i = 0; i < answers.Count; i++)
            terminal.WriteLine(Describe(answers[i], names, unreadable.Contains(i)));
    }

    /// <summary>A line for the photograph, and one for each neighbor.</summary>
    public static void Write(Terminal terminal, PhotoAnswer photo, LandmarkNames names, bool isUnreadable)
    {
        terminal.WriteLine(Describe(photo.Answer, names, isUnreadable));
        int rank = 0;
        foreach (Neighbor neighbor in photo.Neighbors)
            terminal.WriteLine($"  {++rank}. {neighbor.Id}{(float.IsNaN(neighbor.Score) ? "" : $"  {Quantity.Score(neighbor.Score)}")}");
    }

    private static string Describe(Answer answer, LandmarkNames names, bool isUnreadable)
    {
        string missing = isUnreadable ? Unreadable : NoNumbers;
        return $"{answer.Id}: {(answer.IsMissing ? missing : $"{names.Of(answer.PredictedLabel)}, score {Quantity.Score(answer.Score)}")}";
    }
}
