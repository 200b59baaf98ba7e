using System.CommandLine;
using Landmarks.Demo.Data;
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

    private static readonly LandmarkHnswOptions s_hnsw = new();

    public static Command Create(JobRunner runner, Option<bool> verbose) => new("index",
        "Keeps the rows of a model in PostgreSQL, where many programs ask and change them. The server is told as psql is told it.")
    {
        CreateIndex(runner, verbose),
        Load(runner, verbose),
        Add(runner, verbose),
        Remove(runner, verbose),
        Hnsw(runner, verbose),
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

    private static Command Hnsw(JobRunner runner, Option<bool> verbose)
    {
        Option<string> schema = IndexOptions.Schema();
        Option<int?> m = CommandOptions.Number("--m", $"How many rows each row is linked to. [default: {s_hnsw.M}]", 2, 100),
            efConstruction = CommandOptions.Number("--ef-construction", "How many rows are looked at to find those links, at least twice "
                + $"as many. [default: {s_hnsw.EfConstruction}]", 4, 1_000);
        var drop = new Option<bool>("--drop") { Description = "Drop it, and what was measured of it." };
        var command = new Command("hnsw", "Makes an HNSW index of the landmark rows on each server, for those who ask by --hnsw: queries "
            + "cost less then, and not all of the nearest rows are found. The role must be the one that made the index; who changes rows "
            + "waits meanwhile.")
        {
            schema, m, efConstruction, drop,
        };
        command.AddCheck(result =>
        {
            if (result.GetValue(drop) && new[] { m, efConstruction }.FirstOrDefault(result.IsGiven) is { } built)
                result.AddError(Errors.NothingOfDrop(built.Name));
            else if (Options(result.GetValue(m), result.GetValue(efConstruction)) is var options && options.EfConstruction < 2 * options.M)
                result.AddError(Errors.EfConstruction(options.EfConstruction, options.M));
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session =>
        {
            if (parsed.GetValue(drop))
                IndexHnswJob.Drop(session, parsed.GetRequiredValue(schema));
            else
                IndexHnswJob.Create(session, parsed.GetRequiredValue(schema), Options(parsed.GetValue(m), parsed.GetValue(efConstruction)));
        }, parsed.GetValue(verbose), cancellation));
        return command;

        static LandmarkHnswOptions Options(int? m, int? efConstruction)
            => new() { M = m ?? s_hnsw.M, EfConstruction = efConstruction ?? s_hnsw.EfConstruction };
    }

    private static Command Check(JobRunner runner, Option<bool> verbose)
    {
        var asked = new QueryOptions("as they are asked, by which --hnsw is measured");
        Option<string> schema = IndexOptions.Schema();
        Option<int?> rows = CommandOptions.Number("--rows",
            "How many landmark rows of each server are looked at: their penalties are computed anew, to the bit. "
            + $"[default: {DefaultRows}]"),
            hnsw = IndexOptions.Hnsw("In place of that: how many rows the HNSW index is to propose of a photograph. It is measured how "
                + "many of the nearest are among them, and the index keeps that, if the role may write there.");
        Option<string> model = CommandOptions.Text("--model", "ZIP", "The model whose rows are there, with its rows or without, for "
            + "--hnsw: it makes embeddings of the photographs."),
            images = CommandOptions.Text("--images", "DIR",
                "The folder of the queries' photographs; that of id abc… is DIR/a/b/c/abc….jpg.");
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels("what the model was fitted with");
        (Option<ResultFormat?> format, Option<string> output) = ResultOptions("How it is told: for people, as an object of JSON, or as a "
            + "CSV file, of what is wrong or of what was measured. [default: text]");
        var command = new Command("check", "Tells whether an index is sound: penalties that are those of a fit, rows that are there, and "
            + "servers that agree. The exit code is 1 where it is not. Or, by --hnsw, how well its HNSW index finds the nearest rows.")
        {
            asked.Photos, schema, rows, hnsw, model, asked.Queries, images, asked.QueryFolders, maxMegapixels, format, output,
        };
        Option[] ofHnsw = [model, asked.Queries, images, asked.QueryFolders, maxMegapixels];
        command.AddCheck(result =>
        {
            int sources = asked.CountGiven(result);
            if (!result.IsGiven(hnsw))
            {
                if (sources > 0 || ofHnsw.Any(result.IsGiven))
                    result.AddError(Errors.OnlyOfHnsw(ofHnsw.FirstOrDefault(result.IsGiven)?.Name ?? asked.Photos.Name));
            }
            else if (result.IsGiven(rows))
                result.AddError(Errors.RowsAndHnsw);
            else if (!result.IsGiven(model))
                result.AddError(Errors.Required(model.Name));
            else if (sources != 1)
                result.AddError(sources == 0 ? Errors.NothingToPredict : Errors.SeveralToPredict);
            else if (result.IsGiven(images) != result.IsGiven(asked.Queries))
                result.AddError(result.IsGiven(images) ? Errors.Required(asked.Queries.Name) : Errors.QueriesWithoutImages);
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session =>
        {
            string index = parsed.GetRequiredValue(schema);
            QuerySource? source = asked.ReadSource(parsed, parsed.GetValue(images));
            if (parsed.GetValue(hnsw) is { } candidates)
                IndexRecallJob.Run(session, index, new RecallSettings(parsed.GetRequiredValue(model), candidates,
                    asked.ReadPhotos(parsed, source), source?.Files ?? [], parsed.GetMaxPixels(maxMegapixels), parsed.GetValue(format),
                    parsed.GetValue(output)));
            else
                IndexCheckJob.Run(session, index, parsed.GetValue(rows) ?? DefaultRows, parsed.GetValue(format), parsed.GetValue(output));
        }, parsed.GetValue(verbose), cancellation));
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
