using System.CommandLine;
using Landmarks.Demo.Methods;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of the commands that remove rows: which.</summary>
internal sealed class RemovedOptions
{
    private readonly Option<string[]> _landmarks = Several("--landmark", "NAME",
        "A landmark that goes with all of its photographs, by its label or its name; several may follow."),
        _photos = Several("--photo", "ID",
        "A photograph that goes, by its id: that in the CSV file, or the path below --train-folders; several may follow.");
    private readonly Option<string> _list = CommandOptions.Text("--photo-list", "CSV",
        "Photographs that go: a CSV file with a column id, as check --format csv writes it.");

    public void AddTo(Command command)
    {
        Option[] all = [_landmarks, _photos, _list];
        foreach (Option option in all)
            command.Add(option);
        command.AddCheck(result =>
        {
            if (!all.Any(result.IsGiven))
                result.AddError(Errors.NothingToRemove);
        });
    }

    public RemoveSettings Read(ParseResult parsed) => new()
    {
        Landmarks = parsed.GetValue(_landmarks) ?? [],
        Photographs = parsed.GetValue(_photos) ?? [],
        PhotographsFile = parsed.GetValue(_list),
    };

    private static Option<string[]> Several(string name, string helpName, string description)
    {
        Option<string[]> option = CommandOptions.Texts(name, helpName, description);
        option.AllowMultipleArgumentsPerToken = true;
        return option;
    }
}
