using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks merge</c>.</summary>
internal static class MergeCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> folder = ShardOptions.Folder("The folder in which embed and penalties have written all parts.");
        Option<string> output = CommandOptions.Text("--output", "ZIP",
                "The model that is written, without its rows where --index has them; - for standard output."),
            index = CommandOptions.Text("--index", "NAME", "The schema of PostgreSQL that the rows are put into, as landmarks index load "
                + "does it; made where it is not there. [default: none; the rows are in --output]");
        (Option<string[]> readers, Option<string[]> writers) = IndexOptions.Roles();
        Option<int?> gpu = CommandOptions.Gpu();
        Option<bool> fallbackToCpu = CommandOptions.FallbackToCpu();
        var command = new Command("merge", "Makes the model of which embed and penalties have made the parts: each file in the zip is to "
            + "the last byte that of one fit.")
        {
            folder, output, index, readers, writers, gpu, fallbackToCpu,
        };
        command.AddCheck(result =>
        {
            if (!result.IsGiven(output) && !result.IsGiven(index))
                result.AddError(Errors.NowhereToMerge);
            else if (!result.IsGiven(index) && new[] { readers, writers }.FirstOrDefault(result.IsGiven) is { } role)
                result.AddError(Errors.OnlyWithIndex(role.Name));
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => MergeJob.Run(session, new MergeSettings
        {
            Folder = parsed.GetRequiredValue(folder),
            OutputFile = parsed.GetValue(output),
            Index = parsed.GetValue(index),
            Roles = new LandmarkIndexRoles { Readers = parsed.GetValue(readers) ?? [], Writers = parsed.GetValue(writers) ?? [] },
            Gpu = parsed.GetValue(gpu),
            FallbackToCpu = parsed.GetValue(fallbackToCpu),
        }), parsed.GetValue(verbose), cancellation));
        return command;
    }
}
