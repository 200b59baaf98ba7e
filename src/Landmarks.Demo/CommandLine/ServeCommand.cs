using System.CommandLine;
using System.CommandLine.Parsing;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Serving;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks serve</c>.</summary>
internal static class ServeCommand
{
    private const string KeyVariable = "LANDMARKS_ADMIN_KEY", DefaultUrl = "http://127.0.0.1:5080";

    private const int MostTop = 1_000, DefaultTop = 5, MostQueue = 1_000_000, DefaultQueue = 512;

    // Less than other commands allow: a file that anybody may send promises many for few bytes, and some kinds take 4 bytes for each, on
    // every core.
    private const int DefaultMegapixels = 128;

    private const long LeastBytes = 1_000, MostBytes = 500_000_000, DefaultBytes = 20_000_000;

    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> model = CommandOptions.Text("--model", "ZIP", "The model, as fit writes it.", required: true);
        Option<string> index = IndexOptions.Index();
        Option<int?> hnsw = IndexOptions.Hnsw();
        Option<ServedAddress[]?> urls = CreateUrls();
        Option<double?> falseAlarms = CommandOptions.Rate("--false-alarms",
            "The share of photographs of nothing that may be answered as a landmark. [default: the model's]");
        Option<int?> top = CommandOptions.Number("--top", $"How many of the best landmarks are told. [default: {DefaultTop}]",
            maximum: MostTop);
        Option<int?> maxQueue = CommandOptions.Number("--max-queue",
            $"The most photographs that wait for an answer; who sends others is told when to ask again. [default: {DefaultQueue}]",
            maximum: MostQueue);
        Option<long?> maxBytes = CommandOptions.Bytes("--max-bytes", "The most bytes of a request, as 20MB. [default: 20MB]", LeastBytes,
            MostBytes);
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels($"{DefaultMegapixels}");
        var watch = new Option<bool>("--watch") { Description = "Replace the model when its file is replaced; no request is lost." };
        Option<string> adminKey = CreateAdminKey(
            "Who bears this key may replace the model by POST /admin/reload; without it nobody may. Others on this machine may see the "
            + $"arguments of programs: the environment variable {KeyVariable} is not seen.");
        var writable = new Option<bool>("--writable")
        {
            Description = "Who bears the key may add photographs to the model and its file, or to its index, by POST "
                + "/landmarks/NAME/photos, and remove them by DELETE /landmarks/NAME and /photos/ID.",
        };
        var command = new Command("serve", "Answers photographs over HTTP.")
        {
            model, index, hnsw, urls, falseAlarms, top, maxQueue, maxBytes, maxMegapixels, watch, adminKey, writable
        };
        command.AddCheck(result =>
        {
            if (result.IsGiven(hnsw) && !result.IsGiven(index))
                result.AddError(Errors.HnswWithoutIndex);
            else if (!result.IsGiven(adminKey) && KeyOfEnvironment() is { } key)
                RequireKey(result, KeyVariable, key);
            else if (result.GetValue(writable) && !result.IsGiven(adminKey))
                result.AddError(Errors.WritableWithoutKey(KeyVariable));
        });
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new ServeSettings
            {
                Model = parsed.GetRequiredValue(model),
                Index = parsed.GetValue(index),
                Hnsw = parsed.GetValue(hnsw),
                Addresses = parsed.GetValue(urls) ?? [ServedAddress.Parse(DefaultUrl)!],
                FalseAlarmRate = parsed.GetValue(falseAlarms),
                Top = parsed.GetValue(top) ?? DefaultTop,
                MaxQueue = parsed.GetValue(maxQueue) ?? DefaultQueue,
                MaxBytes = parsed.GetValue(maxBytes) ?? DefaultBytes,
                MaxPixels = parsed.GetMaxPixels(maxMegapixels) ?? DefaultMegapixels * 1_000_000,
                Watches = parsed.GetValue(watch),
                IsWritable = parsed.GetValue(writable),
                AdminKey = parsed.GetValue(adminKey) ?? KeyOfEnvironment(),
            };
            return runner.RunAsync(session => ServeJob.Run(session, settings), parsed.GetValue(verbose), cancellation);
        });
        return command;
    }

    private static Option<ServedAddress[]?> CreateUrls()
    {
        const string Name = "--urls";
        return new(Name)
        {
            Description = $"Where to listen; several by a semicolon. Who reaches it may ask. [default: {DefaultUrl}]",
            HelpName = "URL",
            CustomParser = result => ParseUrls(result, Name),
        };
    }

    private static ServedAddress[]? ParseUrls(ArgumentResult result, string name)
    {
        string[] texts = result.Tokens[0].Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ServedAddress[] addresses = [.. texts.Select(ServedAddress.Parse).OfType<ServedAddress>()];
        if (texts.Length > 0 && addresses.Length == texts.Length)
            return addresses;
        result.AddError(Errors.Url(name, result.Tokens[0].Value));
        return null;
    }

    private static Option<string> CreateAdminKey(string description)
    {
        const string Name = "--admin-key";
        var option = new Option<string>(Name) { Description = description, HelpName = "KEY" };
        option.Validators.Add(result => RequireKey(result, Name, result.Tokens.Count > 0 ? result.Tokens[0].Value : ""));
        return option;
    }

    // It comes in a header, around which spaces do not count.
    private static void RequireKey(SymbolResult result, string name, string key)
    {
        if (key.Length == 0 || key != key.Trim() || key.Any(c => c is < ' ' or > '~'))
            result.AddError(Errors.Key(name));
    }

    private static string? KeyOfEnvironment()
        => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;
}
