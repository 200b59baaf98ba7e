using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks remove</c>.</summary>
internal static class RemoveCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> model = ModelOptions.Model(), output = ModelOptions.Output();
        var removed = new RemovedOptions();
        var command = new Command("remove", "Removes landmarks and photographs from a model, which answers then as if it had been fitted "
            + "without them.")
        {
            model, output,
        };
        removed.AddTo(command);
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => RemoveJob.Run(session, parsed.GetRequiredValue(model),
            removed.Read(parsed), parsed.GetRequiredValue(output)), parsed.GetValue(verbose), cancellation));
        return command;
    }
}
