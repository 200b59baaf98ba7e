using System.CommandLine;
using Landmarks.Demo.Data;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks predict</c>.</summary>
internal static class PredictCommand
{
    private const string DefaultOutput = "submission.csv";

    // In CSV each has three columns.
    private const int MostTop = 1_000;

    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var queryOptions = new QueryOptions("to name");
        Option<string> model = CommandOptions.Text("--model", "ZIP", "The model, as fit writes it.", required: true);
        Option<string> index = IndexOptions.Index();
        Option<int?> hnsw = IndexOptions.Hnsw();
        Option<string[]> images = CommandOptions.Texts("--images", "DIR",
            "The folder of the queries' photographs; that of id abc… is DIR/a/b/c/abc….jpg. A report shows the photographs of the "
            + "model that are in it, and in others that the option names when it is given again.");
        Option<ResultFormat?> format = CommandOptions.Format(
            $"How answers are written: for people, as JSON Lines, or as a CSV file. [default: "
            + "text; for queries a submission, whose scores are scaled]");
        Option<string> output = CommandOptions.Text("--output", "FILE",
            $"The file of the answers, - for standard output. [default: standard output; for a submission ./{DefaultOutput}]");
        Option<int?> top = CommandOptions.Number("--top",
            "How many of the best landmarks are told; in text also how the scores of neighbors came about. [default: 5 in JSON]",
            maximum: MostTop);
        Option<double?> falseAlarms = CommandOptions.Rate("--false-alarms",
            "The share of photographs of nothing that may be answered as a landmark. [default: the model's]");
        Option<double?> unknownLandmarks = CommandOptions.Rate("--unknown-landmarks",
            "The share of photographs of landmarks that the model does not know that may be answered, an estimate. [default: the model's]");
        Option<string> names = CommandOptions.Text("--names", "CSV",
            "Names of landmarks, landmark_id,name or landmark_id,category, to show answers by; those to queries are shown too then.");
        Option<string> truth = CommandOptions.Truth(required: false);
        Option<string> nonLandmarkFolder = CommandOptions.Text("--non-landmark-folder", "NAME",
            "The one in --query-folders whose photographs show no landmark, for the report; each other one is named after the landmark "
            + "that its photographs show.");
        var report = new ReportOptions();
        Option<BadImageHandling?> onBadImage = CommandOptions.OnBadImage("answer the others; the exit code is 1");
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels("what the model was fitted with");

        var command = new Command("predict", "Names the landmarks in photographs, or answers queries.")
        {
            queryOptions.Photos, model, index, hnsw, queryOptions.Queries, images, queryOptions.QueryFolders, format, output, top,
            falseAlarms, unknownLandmarks, names, onBadImage, maxMegapixels, truth, nonLandmarkFolder
        };
        report.AddTo(command);
        command.AddCheck(result =>
        {
            int sources = queryOptions.CountGiven(result);
            if (sources > 1)
                result.AddError(Errors.SeveralToPredict);
            else if (result.IsGiven(images) && !result.IsGiven(queryOptions.Queries) && !result.IsGiven(report.Report))
                result.AddError(Errors.ImagesWithoutQueries);
            else if (sources == 0)
                result.AddError(Errors.NothingToPredict);
            else if (result.IsGiven(queryOptions.Queries) && !result.IsGiven(images))
                result.AddError(Errors.QueriesWithoutImages);
            else if (result.IsGiven(hnsw) && !result.IsGiven(index))
                result.AddError(Errors.HnswWithoutIndex);
            else if (!queryOptions.ArePhotosGiven(result) && !result.IsGiven(format)
                && ((Option[])[top, .. result.IsGiven(report.Report) ? [] : new[] { falseAlarms, unknownLandmarks }])
                    .FirstOrDefault(result.IsGiven) is { } ofAnswers)
                result.AddError(Errors.NothingOfSubmissions(ofAnswers.Name));
            else if (report.FindMistake(result, truth, nonLandmarkFolder) is { } mistake)
                result.AddError(mistake);
            else if (result.GetValue(images) is { Length: > 1 } && !result.IsGiven(report.Report))
                result.AddError(Errors.SeveralImageFolders);
            else if (result.IsGiven(nonLandmarkFolder) && (!result.IsGiven(queryOptions.QueryFolders) || result.IsGiven(truth)))
                result.AddError(Errors.NonLandmarkFolderOfQueries);
        });
        command.SetAction((parsed, cancellation) =>
        {
            string[] folders = parsed.GetValue(images) ?? [];
            var settings = new PredictSettings
            {
                Model = parsed.GetRequiredValue(model),
                Index = parsed.GetValue(index),
                Hnsw = parsed.GetValue(hnsw),
                Names = parsed.GetValue(names),
                BadImages = parsed.GetValue(onBadImage),
                Top = parsed.GetValue(top),
                FalseAlarmRate = parsed.GetValue(falseAlarms),
                UnknownLandmarkRate = parsed.GetValue(unknownLandmarks),
                MaxPixels = parsed.GetMaxPixels(maxMegapixels),
                Report = report.Read(parsed) is { } asked ? asked with { ReferenceFolders = folders } : null,
                Truth = parsed.GetValue(truth),
                FoldersAreTruth = parsed.GetValue(queryOptions.QueryFolders) is not null,
                NonLandmarkFolder = parsed.GetValue(nonLandmarkFolder),
            };
            QuerySource? source = queryOptions.ReadSource(parsed, folders.FirstOrDefault());
            Action<Session> job = source is not null && parsed.GetValue(format) is null
                ? session => PredictQueriesJob.Run(session, settings, source, parsed.GetValue(output) ?? DefaultOutput)
                : session => PredictPhotosJob.Run(session, settings, queryOptions.ReadPhotos(parsed, source), source?.Files ?? [],
                    parsed.GetValue(format), parsed.GetValue(output));
            return runner.RunAsync(job, parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
