using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks remove</c>.</summary>
internal static class RemoveCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> model = ModelOptions.Model(), output = ModelOptions.Output();
        Option<string[]> landmarks = Several("--landmark", "NAME",
            "A landmark that goes with all of its photographs, by its label or its name; several may follow."),
            photos = Several("--photo", "ID",
            "A photograph that goes, by its id: that in the CSV file, or the path below --train-folders; several may follow.");
        Option<string> list = CommandOptions.Text("--photo-list", "CSV",
            "Photographs that go: a CSV file with a column id, as check --format csv writes it.");
        var command = new Command("remove", "Removes landmarks and photographs from a model, which answers then as if it had been fitted "
            + "without them.")
        {
            model, output, landmarks, photos, list,
        };
        command.AddCheck(result =>
        {
            if (!((Option[])[landmarks, photos, list]).Any(result.IsGiven))
                result.AddError(Errors.NothingToRemove);
        });
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new RemoveSettings
            {
                Model = parsed.GetRequiredValue(model),
                Landmarks = parsed.GetValue(landmarks) ?? [],
                Photographs = parsed.GetValue(photos) ?? [],
                PhotographsFile = parsed.GetValue(list),
            };
            return runner.RunAsync(session => RemoveJob.Run(session, settings, parsed.GetRequiredValue(output)), parsed.GetValue(verbose),
                cancellation);
        });
        return command;

        static Option<string[]> Several(string name, string helpName, string description)
        {
            Option<string[]> option = CommandOptions.Texts(name, helpName, description);
            option.AllowMultipleArgumentsPerToken = true;
            return option;
        }
    }
}
