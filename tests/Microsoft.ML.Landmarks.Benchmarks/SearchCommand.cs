using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.Landmarks.Search.Adaptive;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>search</c>.</summary>
internal static class SearchCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<int> train = CommandOptions.Number("--train", 100_000, "Training rows."),
            nonLandmarks = CommandOptions.Number("--non-landmarks", 30_000, "Non-landmark rows.");
        Option<int> queries = CommandOptions.Number("--queries", 5_000, "Queries.");
        var dimension = new Option<int?>("--dimension")
        {
            Description = $"Values of a row. [default: {SearchSettings.PresetDimension}, or those of the .npy file]",
            HelpName = "N",
            CustomParser = result => CommandOptions.ParseNumber(result, "--dimension", SearchSettings.LargestDimension),
        };
        var rows = new Option<string>("--rows")
        {
            Description = $"{SearchRows.Synthetic}; {SearchRows.Network}, rows like a network's outputs; or a file, whose rows are mixed "
                + "up to the numbers of rows: one that numpy.save made of an array [rows, values] of float32, "
                + "which says how long a row is, or little-endian Singles alone, row by row, whose length --dimension must say.",
            HelpName = $"{SearchRows.Synthetic}|{SearchRows.Network}|FILE",
            DefaultValueFactory = _ => SearchRows.Synthetic,
        };
        var engines = new Option<string[]>("--engines")
        {
            Description = $"What is measured, between commas: {string.Join(", ", SearchEngines.All)}; {SearchEngines.TorchSharp} is the "
                + "search for GPUs, on the CPU, where libtorch can be loaded. "
                + $"[default: all but {SearchEngines.TorchSharp}, and of {SearchEngines.Filter} and {SearchEngines.Fused} that alone "
                + $"which {EngineSelection.EngineVariable} names]",
            HelpName = "NAMES",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = ParseEngines,
        };
        Option<string> python = CommandOptions.Python();
        Option<string?> json = CommandOptions.Json();
        var command = new System.CommandLine.Command("search",
            $"Both searches, beside TensorPrimitives, PyTorch and FAISS. {EngineSelection.KernelVariable} forces the filter's kernel. "
            + "Exit code 1: an engine of the library failed or is not exact, or nothing was measured; 2: wrong arguments.")
        {
            train, nonLandmarks, queries, dimension, rows, engines, python, json,
        };
        command.SetAction(result =>
        {
            EngineSelection selection = Selection();
            string[] names = result.IsGiven(engines) ? result.GetRequiredValue(engines) : [.. SearchEngines.Preset(selection)];
            // Where nobody asks for the peers, they are left out if there is no Python.
            if ((result.IsGiven(engines) || result.IsGiven(python)) && names.Intersect(SearchEngines.Peers).Any())
                PythonScript.RequirePython(result.GetRequiredValue(python));
            return SearchBenchmark.Run(new SearchSettings(
                result.GetRequiredValue(rows), result.GetValue(train), result.GetValue(nonLandmarks), result.GetValue(queries),
                result.GetValue(dimension),
                names, selection.Kernel, result.GetRequiredValue(python), result.GetValue(json)));
        });
        return command;
    }

    private static string[] ParseEngines(ArgumentResult result)
    {
        string text = string.Join(',', result.Tokens.Select(token => token.Value));
        string[] names = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.ToLowerInvariant()).Distinct()];
        if (names.Length == 0 || names.Except(SearchEngines.All).Any())
            result.AddError($"--engines is '{text}'; it must be some of {string.Join(", ", SearchEngines.All)}, between commas.");
        return names;
    }

    private static EngineSelection Selection()
    {
        try
        {
            return EngineSelection.FromEnvironment(Environment.GetEnvironmentVariable);
        }
        catch (InvalidOperationException e)
        {
            throw new WrongInputException(e.Message, e);
        }
    }
}
