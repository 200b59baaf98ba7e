using System.CommandLine;
using System.CommandLine.Parsing;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>model</c>.</summary>
internal static class ModelCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<int> train = CommandOptions.Number("--train", 375_000, "Training rows."),
            nonLandmarks = CommandOptions.Number("--non-landmarks", 10_000, "Non-landmark rows.");
        Option<int> queries = CommandOptions.Number("--queries", 5_000, "Queries.");
        Option<int> dimension = CommandOptions.Number("--dimension", SearchSettings.PresetDimension, "Values of a row.",
            SearchSettings.LargestDimension);
        Option<int> threads = CommandOptions.Number("--threads", Environment.ProcessorCount, "Cores that .NET sees.",
            Environment.ProcessorCount);
        Option<string> rows = Rows();
        var baseline = new Option<string?>("--baseline")
        {
            Description = $"{ModelBenchmark.Library} of an older build, which is measured in turn.",
            HelpName = "FILE",
            CustomParser = ParseBaseline,
        };
        var command = new System.CommandLine.Command("model", "Saving a model, loading it until it has answered a query, "
            + "and asking it one query at a time and all at once, by the public API; beside an older build.")
        {
            train, nonLandmarks, queries, dimension, rows, threads, baseline,
        };
        command.SetAction(result =>
        {
            string kind = result.GetRequiredValue(rows);
            var settings = new SearchSettings(kind, result.GetValue(train), result.GetValue(nonLandmarks), result.GetValue(queries),
                result.GetValue(dimension), [], null, "", null);
            return ModelBenchmark.Run(settings, result.GetValue(threads), result.GetValue(baseline));
        });
        return command;
    }

    /// <summary>Which kind of rows is made.</summary>
    public static Option<string> Rows() => new("--rows")
    {
        Description = "What rows are like.",
        HelpName = $"{SearchRows.Synthetic}|{SearchRows.Network}",
        DefaultValueFactory = _ => SearchRows.Network,
        CustomParser = ParseRows,
    };

    private static string ParseRows(ArgumentResult result)
    {
        string kind = result.Tokens[0].Value;
        if (kind is not (SearchRows.Synthetic or SearchRows.Network))
            result.AddError($"--rows is '{kind}'; it must be {SearchRows.Synthetic} or {SearchRows.Network}.");
        return kind;
    }

    private static string ParseBaseline(ArgumentResult result)
    {
        string file = result.Tokens[0].Value;
        if (!File.Exists(file))
            result.AddError($"--baseline is '{file}', and there is no such file. Name {ModelBenchmark.Library} of an older build.");
        return Path.GetFullPath(file);
    }
}
