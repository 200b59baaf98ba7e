using Landmarks.Demo.Data;

namespace Landmarks.Demo.Output;

/// <summary>Shows answers to a reader.</summary>
internal static class AnswerWriter
{
    private const string Unreadable = "unreadable";

    /// <summary>A line for each query.</summary>
    public static void Write(Terminal terminal, IEnumerable<Answer> answers, LandmarkNames names)
    {
        foreach (Answer answer in answers)
            terminal.WriteLine(Describe(answer, names));
    }

    /// <summary>A line for the photograph, and one for each neighbor.</summary>
    public static void Write(Terminal terminal, PhotoAnswer photo, LandmarkNames names)
    {
        terminal.WriteLine(Describe(photo.Answer, names));
        int rank = 0;
        foreach (Neighbor neighbor in photo.Neighbors)
            terminal.WriteLine($"  {++rank}. {neighbor.Id}{(float.IsNaN(neighbor.Score) ? "" : $"  {Quantity.Score(neighbor.Score)}")}");
    }

    private static string Describe(Answer answer, LandmarkNames names)
        => $"{answer.Id}: {(answer.IsMissing ? Unreadable : $"{names.Of(answer.PredictedLabel)}, score {Quantity.Score(answer.Score)}")}";
}
