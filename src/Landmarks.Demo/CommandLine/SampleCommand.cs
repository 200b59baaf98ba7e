using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks sample</c>.</summary>
internal static class SampleCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var command = new Command("sample",
            "Fits and answers the photographs that come with the program, and says how well; writes into ./landmarks-sample.");
        command.SetAction((parsed, cancellation) => runner.RunAsync(SampleJob.Run, parsed.GetValue(verbose), cancellation));
        return command;
    }
}
