using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks index</c>: the rows of a model in a database.</summary>
internal static class IndexCommand
{
    private const int DefaultRows = 1_000;

    public static Command Create(JobRunner runner, Option<bool> verbose) => new("index",
        "Keeps the rows of a model in PostgreSQL, where many programs ask and change them. The server is told as psql is told it.")
    {
        CreateIndex(runner, verbose),
        Load(runner, verbose),
        Add(runner, verbose),
        Remove(runner, verbose),
        Check(runner, verbose),
        Info(runner, verbose),
    };

    private static Command CreateIndex(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema(),
            model = CommandOptions.Text("--model", "ZIP", "The model whose rows it is to hold, as fit writes it.", required: true);
        (Option<string[]> readers, Option<string[]> writers) = IndexOptions.Roles();
        var command = new Command("create", "Makes an index for the rows of a model: a schema of its own with empty tables. The role needs "
            + "the right to make schemas.")
        {
            model, schema, readers, writers,
        };
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => IndexCreateJob.Run(session, parsed.GetRequiredValue(model),
            parsed.GetRequiredValue(schema),
            new LandmarkIndexRoles { Readers = parsed.GetValue(readers) ?? [], Writers = parsed.GetValue(writers) ?? [] }),
            parsed.GetValue(verbose), cancellation));
        return command;
    }

    private static Command Load(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema(),
            model = CommandOptions.Text("--model", "ZIP", "The model whose rows are put there, as fit writes it.", required: true),
            output = CommandOptions.Text("--output", "ZIP", "The model without its rows that is written, for predict and serve; - for "
                + "standard output. [default: none; they take the model with its rows too]");
        var command = new Command("load", "Puts the rows of a model into the index that was made for it, all of them or none.")
        {
            model, schema, output,
        };
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => IndexLoadJob.Run(session, parsed.GetRequiredValue(model),
            parsed.GetRequiredValue(schema), parsed.GetValue(output)), parsed.GetValue(verbose), cancellation));
        return command;
    }

    private static Command Add(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> schema = IndexOptions.Schema(), model = CommandOptions.Text("--model", "ZIP",
            "The model whose rows are there, with its rows or without: it makes embeddings of the photographs.", required: true);
        Option<bool> replace = ModelOptions.Replace();
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels("what the model was fitted with");
        var command = new Command("add", "Adds photographs to an index, which answers then as a model that is fitted with them.")
        {
            model, schema, replace,
        };
        training.AddAddedTo(command, maxMegapixels);
        // Who knows add looks for it here.
        var names = new Option<string>("--names") { Hidden = true };
        command.Add(names);
        command.AddCheck(result =>
        {
            if (result.IsGiven(names))
                result.AddError(Errors.NamesOfIndex);
        });
        command.SetAction((parsed, cancellation) =>
        {
            AddSettings settings = training.ReadAdded(parsed, parsed.GetRequiredValue(model)) with
            {
                Replaces = parsed.GetValue(replace),
                MaxPixels = parsed.GetMaxPixels(maxMegapixels),
            };
            return runner.RunAsync(session => IndexAddJob.Run(session, settings, parsed.GetRequiredValue(schema)),
                parsed.GetValue(verbose), cancellation);
        });
        return command;
    }

    private static Command Remove(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema(), model = CommandOptions.Text("--model", "ZIP",
            "The model whose rows are there, to know landmarks by its names too. [default: by their labels alone]");
        var removed = new RemovedOptions();
        var command = new Command("remove", "Removes landmarks and photographs from an index, which answers then as a model that is fitted "
            + "without them.")
        {
            schema, model,
        };
        removed.AddTo(command);
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => IndexRemoveJob.Run(session, parsed.GetRequiredValue(schema),
            parsed.GetValue(model), removed.Read(parsed)), parsed.GetValue(verbose), cancellation));
        return command;
    }

    private static Command Check(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema();
        Option<int?> rows = CommandOptions.Number("--rows",
            "How many landmark rows of each server are looked at: their penalties are computed anew, to the bit. "
            + $"[default: {DefaultRows}]");
        (Option<ResultFormat?> format, Option<string> output) = ResultOptions(
            "How it is told: for people, as an object of JSON, or what is wrong as a CSV file. [default: text]");
        var command = new Command("check", "Tells whether an index is sound: penalties that are those of a fit, rows that are there, and "
            + "servers that agree. The exit code is 1 where it is not.")
        {
            schema, rows, format, output,
        };
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => IndexCheckJob.Run(session, parsed.GetRequiredValue(schema),
            parsed.GetValue(rows) ?? DefaultRows, parsed.GetValue(format), parsed.GetValue(output)), parsed.GetValue(verbose),
            cancellation));
        return command;
    }

    private static Command Info(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema();
        (Option<ResultFormat?> format, Option<string> output) = ResultOptions(
            "How it is told: for people, as an object of JSON, or its landmarks alone as a CSV file. [default: text]");
        var command = new Command("info", "Tells what an index consists of: its rows and landmarks, where they are, and how often they "
            + "were changed.")
        {
            schema, format, output,
        };
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => IndexInfoJob.Run(session, parsed.GetRequiredValue(schema),
            parsed.GetValue(format), parsed.GetValue(output)), parsed.GetValue(verbose), cancellation));
        return command;
    }

    private static (Option<ResultFormat?> Format, Option<string> Output) ResultOptions(string format) => (CommandOptions.Format(format),
        CommandOptions.Text("--output", "FILE", "The file that it is written to, - for standard output. [default: standard output]"));
}
