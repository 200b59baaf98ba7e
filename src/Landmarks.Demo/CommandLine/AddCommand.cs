using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks add</c>.</summary>
internal static class AddCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> model = ModelOptions.Model(), output = ModelOptions.Output();
        Option<bool> replace = ModelOptions.Replace();
        Option<string> names = CommandOptions.Text("--names", "CSV",
            "Names of landmarks, landmark_id,name or landmark_id,category, which become part of the model beside those that it has.");
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels("what the model was fitted with");
        var command = new Command("add", "Adds photographs to a model, which answers then as if it had been fitted with them; those that "
            + "it has are not looked at again.")
        {
            model, output, replace, names,
        };
        training.AddAddedTo(command, maxMegapixels);
        command.SetAction((parsed, cancellation) =>
        {
            AddSettings settings = training.ReadAdded(parsed, parsed.GetRequiredValue(model)) with
            {
                Names = parsed.GetValue(names),
                Replaces = parsed.GetValue(replace),
                MaxPixels = parsed.GetMaxPixels(maxMegapixels),
            };
            return runner.RunAsync(session => AddJob.Run(session, settings, parsed.GetRequiredValue(output)), parsed.GetValue(verbose),
                cancellation);
        });
        return command;
    }
}
