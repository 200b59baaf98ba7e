using System.CommandLine;
using Microsoft.ML.Landmarks.Benchmarks.Databases;
using Microsoft.ML.Landmarks.PostgreSql.Tests;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>postgres</c>.</summary>
internal static class PostgresCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<int> train = CommandOptions.Number("--train", 200_000, "Landmark rows that are searched."),
            loaded = CommandOptions.Number("--loaded", 100_000, "Landmark rows that are loaded, and that others are added to."),
            nonLandmarks = CommandOptions.Number("--non-landmarks", 20_000, "Non-landmark rows.");
        Option<int> added = CommandOptions.Number("--added", 100, "Landmark rows that are added.");
        Option<int> queries = CommandOptions.Number("--queries", 256, "Queries."),
            batch = CommandOptions.Number("--batch", 128, "Queries that are asked at once.");
        Option<int> dimension = CommandOptions.Number("--dimension", SearchSettings.PresetDimension, "Values of a row.",
            SearchSettings.LargestDimension);
        Option<string> rows = ModelCommand.Rows();
        Option<int> passes = CommandOptions.Number("--passes", 3, "Times over; the fastest pass counts.");
        var command = new System.CommandLine.Command("postgres", "Rows in PostgreSQL, on servers that it starts, against rows in memory: "
            + "searching, several servers, loading, adding.")
        {
            train, loaded, nonLandmarks, added, queries, batch, dimension, rows, passes,
        };
        command.SetAction((result, cancellation) =>
        {
            if (PostgresServer.Missing is { } reason)
                throw new WrongInputException(reason);
            return PostgresBenchmark.RunAsync(new PostgresBenchmarkSettings(result.GetRequiredValue(rows), result.GetValue(train),
                result.GetValue(loaded), result.GetValue(nonLandmarks), result.GetValue(added), result.GetValue(queries),
                result.GetValue(batch), result.GetValue(dimension), result.GetValue(passes)), cancellation);
        });
        return command;
    }
}
