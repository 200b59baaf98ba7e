using System.CommandLine;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> queries = CommandOptions.Text("--queries", "CSV", "Queries to answer: id,landmarks or id.");
        Option<string> queryImages = CommandOptions.Text("--query-images", "DIR", "The folder of the photographs in --queries.");
        Option<string> truth = CommandOptions.Truth(required: false);
        Option<string> queryFolders = CommandOptions.Text("--query-folders", "DIR", "In place of the files: a folder with a folder of "
            + "queries for each landmark that they show; the one that --non-landmark-folder names, if it is there, for those of none.");
        Option<int[]> imageSizes = CommandOptions.ImageSizes(
            "Sides of the images in pixels; methods are compared with the plain one at the first. [default: what suits the network, and "
            + "a smaller and a larger one where it takes any]");
        Option<string> model = CommandOptions.Text("--model", "ZIP", "A model, as fit writes it, that is asked the queries too, by its own "
            + "network, preparation and rows.");
        Option<string> index = IndexOptions.Index();

        var command = new Command("compare",
            "Fits a model by each method and compares their answers to queries whose truth is known. It says which of them fit makes; fit "
            + "--plain makes plain, each at the sizes of its --image-size. A model that is given may be compared with them.");
        training.AddDataTo(command);
        command.Add(queries);
        command.Add(queryImages);
        command.Add(truth);
        command.Add(queryFolders);
        command.Add(imageSizes);
        command.Add(model);
        command.Add(index);
        training.AddNetworkTo(command);
        training.AddFitTo(command);
        training.Cache.AddTo(command);
        var report = new ReportOptions();
        report.AddTo(command);

        command.AddCheck(result =>
        {
            bool folders = result.IsGiven(queryFolders), files = result.IsGiven(queries) || result.IsGiven(truth);
            if (folders && (files || result.IsGiven(queryImages)))
                result.AddError(Errors.QueriesAndFolders);
            else if (training.FindMistake(result, files ? queryImages : null, hasQueryFolders: folders) is { } mistake)
                result.AddError(mistake);
            else if (report.FindMistake(result) is { } lonely)
                result.AddError(lonely);
            else if (result.IsGiven(index) && !result.IsGiven(model))
                result.AddError(Errors.IndexWithoutModel);
            else if (!folders && !files)
                result.AddError(Errors.ComparedQueries);
            else if (!folders && new[] { queries, truth }.FirstOrDefault(option => !result.IsGiven(option)) is { } missing)
                result.AddError(Errors.Required(missing.Name));
        });
        command.SetAction((parsed, cancellation) =>
        {
            Func<Session, KnownQueries> readQueries = parsed.GetValue(queryFolders) is { } folder
                ? session => KnownQueries.OfFolders(session, folder, parsed.GetValue(training.NonLandmarkFolder))
                : session => KnownQueries.OfCsvFile(session, new LandmarkSource(parsed.GetRequiredValue(queries),
                    parsed.GetValue(training.Images) ?? parsed.GetRequiredValue(queryImages)), parsed.GetRequiredValue(truth));
            return runner.RunAsync(session => CompareJob.Run(session, new CompareSettings
            {
                Fit = training.Read(parsed, parsed.GetValue(imageSizes) ?? []),
                ReadQueries = readQueries,
                QueryFiles = [.. new[] { parsed.GetValue(queries), parsed.GetValue(truth) }.OfType<string>()],
                Model = parsed.GetValue(model),
                Index = parsed.GetValue(index),
                Report = report.Read(parsed),
            }), parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
