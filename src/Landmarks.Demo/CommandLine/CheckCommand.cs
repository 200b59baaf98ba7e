using System.CommandLine;
using Landmarks.Demo.Data;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        Option<string> queries = CommandOptions.Text("--queries", "CSV",
            "Queries that must not be among the reference photographs: id,landmarks or id.");
        Option<string> queryImages = CommandOptions.Text("--query-images", "DIR", "The folder of the photographs in --queries.");
        Option<string> queryFolders = CommandOptions.Text("--query-folders", "DIR",
            "In place of the files: a folder whose photographs are the queries, at any depth.");
        Option<int[]> imageSizes = CommandOptions.ImageSizes(
            $"Side of the images in pixels; of several, the mean of the embeddings is taken. [default: what the network says, else "
            + $"{ImagePreparingEstimator.Defaults.ImageSize}]");
        Option<string> model = CommandOptions.Text("--model", "ZIP",
            "Take network, image sizes, preparation and names from this model, as fit writes it, where no option here says otherwise.");
        Option<string> names = CommandOptions.Text("--names", "CSV",
            "Names of landmarks, landmark_id,name or landmark_id,category, to show findings by.");
        Option<LandmarkFindingKind[]> kinds = CommandOptions.Kinds("--kinds", $"The kinds that are told: "
            + $"{string.Join(", ", FindingKinds.All.Select(FindingKinds.NameOf))}. [default: all]");
        Option<int?> top = CommandOptions.Number("--top",
            "How many findings of each kind are told, the worst first. [default: all; on a terminal 20]");
        Option<ResultFormat?> format = CommandOptions.Format(
            "How findings are written: for people, as JSON Lines, or as a CSV file. [default: text]");
        Option<string> output = CommandOptions.Text("--output", "FILE",
            "The file of the findings, - for standard output. [default: standard output]");
        Option<LandmarkFindingKind[]> failOn = CommandOptions.Kinds("--fail-on",
            "Kinds of which there must be none: where there is one, the exit code is 1. [default: findings are no failure]");
        var report = new ReportOptions("photographs side by side, what is wrong, and what to do",
            "findings the report shows at most, of each kind as many");

        var command = new Command("check", "Tells what is wrong with reference photographs: wrong labels, duplicates, queries among them.");
        training.AddDataTo(command);
        Option[] own = [queries, queryImages, queryFolders, kinds, top, format, output, failOn, model, names, imageSizes];
        foreach (Option option in own)
            command.Add(option);
        report.AddTo(command);
        training.AddNetworkTo(command);
        training.Cache.AddTo(command);

        command.AddCheck(result =>
        {
            bool files = result.IsGiven(queries);
            if (result.IsGiven(queryFolders) && (files || result.IsGiven(queryImages)))
                result.AddError(Errors.CheckedQueriesTwice);
            else if (result.IsGiven(queryImages) && !files)
                result.AddError(Errors.QueryImagesAlone);
            else if (training.FindMistake(result, files ? queryImages : null, needsNonLandmarks: false) is { } mistake)
                result.AddError(mistake);
            else if (report.FindMistake(result) is { } lonely)
                result.AddError(lonely);
            else if (result.IsGiven(model) && result.IsGiven(training.Network))
                result.AddError(Errors.NetworkOfModel(model.Name));
        });
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => CheckJob.Run(session, ReadNetwork(session, parsed), new()
        {
            Queries = parsed.GetValue(queryFolders) is { } folder ? QuerySource.OfFolder(folder)
                : parsed.GetValue(queries) is { } file ? QuerySource.Of(new LandmarkSource(file,
                    parsed.GetValue(training.Images) ?? parsed.GetRequiredValue(queryImages)))
                : null,
            Kinds = parsed.GetValue(kinds) is { Length: > 0 } told ? told.ToHashSet() : FindingKinds.All.ToHashSet(),
            Top = parsed.GetValue(top),
            Failing = (parsed.GetValue(failOn) ?? []).ToHashSet(),
            Format = parsed.GetValue(format),
            OutputFile = parsed.GetValue(output),
            Report = report.Read(parsed),
        }), parsed.GetValue(verbose), cancellation));
        return command;

        FitSettings ReadNetwork(Session session, ParseResult parsed)
        {
            LikeModel? like = parsed.GetValue(model) is { } zip ? LikeModel.Read(session, zip) : null;
            FitSettings settings = training.Read(parsed, parsed.GetValue(imageSizes) ?? [], like);
            string? namesFile = parsed.GetValue(names);
            return settings with
            {
                Learning = LearningOptions.Named(namesFile, settings.Learning),
                InputFiles = [.. settings.InputFiles, .. new[] { like?.File, namesFile }.OfType<string>()],
            };
        }
    }
}
