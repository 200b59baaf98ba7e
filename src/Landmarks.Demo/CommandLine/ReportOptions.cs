using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Data;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of a report, of which there is one where it is asked for by <c>--report</c>.</summary>
/// <param name="shows">What the page shows.</param>
/// <param name="cards">What its cards are, and which come first.</param>
internal sealed class ReportOptions(string shows = "what was answered, how well, and why",
    string cards = "photographs the report shows at most, errors first")
{
    private readonly Option<int?> _cards = CommandOptions.Number("--report-cards",
        $"How many {cards}. [default: {ReportSettings.DefaultCards}]");

    private readonly Option<string> _images = CommandOptions.Text("--report-images", "DIR",
        "A folder for the report's pictures, which are in its page otherwise.");

    public Option<string> Report { get; } = CommandOptions.Text("--report", "HTML",
        $"A page to look at, with {shows}; one file for a browser, or to be sent by mail; - for standard output.");

    public void AddTo(Command command)
    {
        command.Add(Report);
        command.Add(_cards);
        command.Add(_images);
    }

    /// <param name="result">The arguments.</param>
    /// <param name="others">Other options that go with a report alone.</param>
    /// <returns>The first mistake; null for none.</returns>
    public string? FindMistake(CommandResult result, params Option[] others)
        => !result.IsGiven(Report) && ((Option[])[_cards, _images, .. others]).FirstOrDefault(result.IsGiven) is { } option
            ? Errors.OnlyWithReport(option.Name) : null;

    /// <summary>What the options say; null where no report is asked for.</summary>
    public ReportSettings? Read(ParseResult parsed) => parsed.GetValue(Report) is { } file
        ? new ReportSettings
        {
            File = file,
            Cards = parsed.GetValue(_cards) ?? ReportSettings.DefaultCards,
            PicturesFolder = parsed.GetValue(_images),
        }
        : null;
}
