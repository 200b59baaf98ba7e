using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> predictions = CommandOptions.Text("--predictions", "CSV", "Answers, as predict writes them.", required: true);
        Option<string> truth = CommandOptions.Truth();
        var command = new Command("evaluate", "Compares answers with the truth.") { predictions, truth };
        command.SetAction((parsed, cancellation) => runner.RunAsync(
            session => EvaluateJob.Run(session, parsed.GetRequiredValue(predictions), parsed.GetRequiredValue(truth)),
            parsed.GetValue(verbose), cancellation));
        return command;
    }
}
