using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary>The program's command line.</summary>
internal static class LandmarksCommand
{
    public static RootCommand Create(JobRunner runner)
    {
        var verbose = new Option<bool>("--verbose")
        {
            Description = "Show ML.NET's messages, and where an error comes from.",
            Recursive = true
        };
        var root = new RootCommand("Names the landmarks in photographs. Without a command: fits and evaluates the sample that comes with "
            + "the program, into ./landmarks-sample.")
        {
            verbose,
            FitCommand.Create(runner, verbose),
            PredictCommand.Create(runner, verbose),
            EvaluateCommand.Create(runner, verbose),
            CompareCommand.Create(runner, verbose),
        };
        root.SetAction((parsed, cancellation) => runner.RunAsync(SampleJob.Run, parsed.GetValue(verbose), cancellation));
        return root;
    }
}
