using System.CommandLine;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
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

        var command = new Command("compare",
            "Fits a model by each method and compares their answers to queries whose truth is known. It says which of them fit makes; fit "
            + "--plain makes plain, each at the sizes of its --image-size.");
        training.AddDataTo(command);
        command.Add(queries);
        command.Add(queryImages);
        command.Add(truth);
        command.Add(queryFolders);
        command.Add(imageSizes);
        training.AddNetworkTo(command);
        training.AddFitTo(command);
        training.Cache.AddTo(command);
        var report = new ReportOptions();
        report.AddTo(command);
        Option[] refused = IndexOptions.Refused();
        foreach (Option option in refused)
            command.Add(option);

        command.AddCheck(result =>
        {
            bool folders = result.IsGiven(queryFolders), files = result.IsGiven(queries) || result.IsGiven(truth);
            if (refused.Any(result.IsGiven))
                result.AddError(Errors.ComparedIndex);
            else if (folders && (files || result.IsGiven(queryImages)))
                result.AddError(Errors.QueriesAndFolders);
            else if (training.FindMistake(result, files ? queryImages : null, hasQueryFolders: folders) is { } mistake)
                result.AddError(mistake);
            else if (report.FindMistake(result) is { } lonely)
                result.AddError(lonely);
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
            ReportSettings? reported = report.Read(parsed);
            string[] queryFiles = [.. new[] { parsed.GetValue(queries), parsed.GetValue(truth) }.OfType<string>()];
            return runner.RunAsync(session => CompareJob.Run(session, training.Read(parsed, parsed.GetValue(imageSizes) ?? []), readQueries,
                reported, queryFiles), parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
