using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks info</c>.</summary>
internal static class InfoCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var model = new Argument<string>("MODEL") { Description = "The model, as fit writes it." };
        model.Validators.Add(result => CommandOptions.RequireTexts(result, model.Name));
        Option<ResultFormat?> format = CommandOptions.Format(
            "How it is told: for people, as an object of JSON, or its landmarks alone as a CSV file. [default: text]");
        Option<string> output = CommandOptions.Text("--output", "FILE",
            "The file that it is written to, - for standard output. [default: standard output]");
        var command = new Command("info", "Tells what a model consists of: its network and method, its photographs and landmarks, its "
            + "verdict, and what was added and removed since it was fitted.")
        {
            model, format, output,
        };
        command.SetAction((parsed, cancellation) => runner.RunAsync(
            session => InfoJob.Run(session, parsed.GetRequiredValue(model), parsed.GetValue(format), parsed.GetValue(output)),
            parsed.GetValue(verbose), cancellation));
        return command;
    }
}
