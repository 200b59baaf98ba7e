using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>Writes answers for a reader: a line for the photograph, and one for each neighbor.</summary>
/// <param name="writeLine">Writes a line.</param>
/// <param name="isDetailed">Whether the best landmarks are told too, and how the score of each neighbor came about.</param>
internal sealed class TextAnswerWriter(Action<string> writeLine, bool isDetailed) : IResultWriter<LandmarkAnswer>
{
    private const string Unreadable = "unreadable", NoNumbers = "no answer, since the network makes zeros of it, or no finite numbers";

    public void Write(LandmarkAnswer answer)
    {
        writeLine($"{answer.Id}: {Describe(answer)}");
        int rank = 0;
        foreach (LandmarkCandidate candidate in isDetailed ? answer.Top : [])
            writeLine($"  landmark {++rank}. {candidate.Name}  {Quantity.Score(candidate.Score)}");
        rank = 0;
        foreach (VotingNeighbor neighbor in answer.Neighbors)
            writeLine($"  {++rank}. {neighbor.Id}  {Describe(neighbor)}");
    }

    /// <summary>What a photograph was answered with, without its id.</summary>
    public static string Describe(string? name, float? score, bool isUnreadable)
        => name is null || score is null ? isUnreadable ? Unreadable : NoNumbers : $"{name}, score {Quantity.Score(score.Value)}";

    private static string Describe(LandmarkAnswer answer)
    {
        string guess = Describe(answer.Name, answer.Score, isUnreadable: answer.Error is not null);
        string probabilities = string.Concat(Probability("false alarm", answer.FalseAlarmProbability),
            Probability("unknown landmark", answer.UnknownLandmarkProbability));
        return answer is { IsLandmark: false, Score: not null }
            ? $"no landmark{probabilities}{(answer.Name is null ? "" : $"; the best guess is {guess}")}" : $"{guess}{probabilities}";
    }

    private string Describe(VotingNeighbor neighbor)
    {
        string score = Quantity.Score(neighbor.Score);
        return isDetailed
            ? $"{neighbor.Landmark}: {Quantity.Score(neighbor.Similarity)} - {Quantity.Score(neighbor.Penalty)} = {score}" : score;
    }

    private static string Probability(string of, float? probability)
        => probability is { } p ? $", {of} p {Quantity.Probability(p)}" : "";
}
