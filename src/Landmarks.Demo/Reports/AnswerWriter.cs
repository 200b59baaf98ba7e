using Landmarks.Demo.Output;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>Shows the answers to queries to a reader.</summary>
internal static class AnswerWriter
{
    /// <summary>A line for each query.</summary>
    public static void Write(Terminal terminal, IEnumerable<LandmarkAnswer> answers)
    {
        foreach (LandmarkAnswer answer in answers)
        {
            string described = TextAnswerWriter.Describe(answer.Name, answer.Score, isUnreadable: answer.Error is not null);
            terminal.WriteLine($"{answer.Id}: {described}");
        }
    }
}
