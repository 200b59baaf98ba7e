using System.CommandLine;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>change</c>.</summary>
internal static class ChangeCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<int> train = CommandOptions.Number("--train", 375_000, "Training rows."),
            nonLandmarks = CommandOptions.Number("--non-landmarks", 117_000, "Non-landmark rows.");
        Option<int> changed = CommandOptions.Number("--changed", 100, "Rows that come or go at a time.");
        Option<int> queries = CommandOptions.Number("--queries", 1_000, "Queries that a model fitted anew must answer alike.");
        Option<int> dimension = CommandOptions.Number("--dimension", SearchSettings.PresetDimension, "Values of a row.",
            SearchSettings.LargestDimension);
        Option<string> rows = ModelCommand.Rows();
        var command = new System.CommandLine.Command("change", "Adding rows to a fitted model and removing some, against fitting all "
            + "again, by the public API.")
        {
            train, nonLandmarks, changed, queries, dimension, rows,
        };
        command.SetAction(result =>
        {
            int count = result.GetValue(changed);
            if (count >= Math.Min(result.GetValue(train), result.GetValue(nonLandmarks)))
                throw new WrongInputException($"--changed is {count}; it must be below --train and --non-landmarks.");
            var settings = new SearchSettings(result.GetRequiredValue(rows), result.GetValue(train) + count,
                result.GetValue(nonLandmarks) + count, result.GetValue(queries), result.GetValue(dimension), [], null, "", null);
            return ChangeBenchmark.Run(settings, count);
        });
        return command;
    }
}
