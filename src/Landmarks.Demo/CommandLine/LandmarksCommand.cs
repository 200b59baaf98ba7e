using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
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
        Command sample = SampleCommand.Create(runner, verbose);
        // What dotnet run makes of the program without arguments; those of a user come after it, and count alone.
        var sampleUnlessTold = new Directive(sample.Name);
        var root = new RootCommand("Names the landmarks in photographs, and says where there is none. To see it at work: landmarks sample.")
        {
            verbose,
            sampleUnlessTold,
            sample,
            FitCommand.Create(runner, verbose),
            EmbedCommand.Create(runner, verbose),
            PenaltiesCommand.Create(runner, verbose),
            MergeCommand.Create(runner, verbose),
            PredictCommand.Create(runner, verbose),
            EvaluateCommand.Create(runner, verbose),
            CompareCommand.Create(runner, verbose),
            CheckCommand.Create(runner, verbose),
            InfoCommand.Create(runner, verbose),
            NetworkCommand.Create(runner, verbose),
            AddCommand.Create(runner, verbose),
            RemoveCommand.Create(runner, verbose),
            IndexCommand.Create(runner, verbose),
            ServeCommand.Create(runner, verbose),
        };
        root.SetAction((parsed, cancellation) => parsed.GetResult(sampleUnlessTold) is null
            ? Task.FromResult(new HelpAction().Invoke(parsed))
            : ((AsynchronousCommandLineAction)sample.Action!).InvokeAsync(parsed, cancellation));
        return root;
    }
}
