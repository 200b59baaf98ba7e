using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks predict</c>.</summary>
internal static class PredictCommand
{
    private const string DefaultOutput = "submission.csv";

    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var photos = new Argument<string[]>("PHOTO")
        {
            Description = "Photographs to name; nothing is written.",
            Arity = ArgumentArity.ZeroOrMore
        };
        photos.Validators.Add(result => CommandOptions.RequireTexts(result, photos.Name));
        Option<string> model = CommandOptions.Text("--model", "ZIP", "The model, as fit writes it.", required: true);
        Option<string> queries = CommandOptions.Text("--queries", "CSV", "Queries to answer: id,landmarks or id.");
        Option<string> images = CommandOptions.Text("--images", "DIR",
            "The folder of the queries' photographs; that of id abc… is DIR/a/b/c/abc….jpg.");
        Option<string> output = CommandOptions.Text("--output", "CSV", $"The answers to the queries. [default: ./{DefaultOutput}]");
        Option<string> names = CommandOptions.Text("--names", "CSV",
            "Names of landmarks, landmark_id,name or landmark_id,category, to show answers by; those to queries are shown too then.");
        Option<BadImageHandling?> onBadImage = CommandOptions.OnBadImage("answer the others; the exit code is 1");
        Option<int?> maxMegapixels = CommandOptions.MaxMegapixels("what the model was fitted with");

        var command = new Command("predict", "Names the landmarks in photographs, or answers the queries of a file.") { photos, model,
            queries, images, output, names, onBadImage, maxMegapixels };
        command.AddCheck(result =>
        {
            bool anyPhotos = result.GetResult(photos) is { Tokens.Count: > 0 };
            if (!result.IsGiven(queries))
            {
                if (result.IsGiven(images) || result.IsGiven(output))
                    result.AddError(Errors.OnlyWithQueries);
                else if (!anyPhotos)
                    result.AddError(Errors.NothingToPredict);
            }
            else if (anyPhotos)
                result.AddError(Errors.QueriesAndPhotos);
            else if (!result.IsGiven(images))
                result.AddError(Errors.QueriesWithoutImages);
        });
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new PredictSettings
            {
                Model = parsed.GetRequiredValue(model),
                Names = parsed.GetValue(names),
                BadImages = parsed.GetValue(onBadImage),
                MaxPixels = parsed.GetMaxPixels(maxMegapixels),
            };
            Action<Session> job = parsed.GetValue(queries) is { } file
                ? session
                => PredictQueriesJob.Run(session, settings, new LandmarkSource(file, parsed.GetRequiredValue(images)),
                parsed.GetValue(output) ?? DefaultOutput)
                : session => PredictPhotosJob.Run(session, settings, parsed.GetRequiredValue(photos));
            return runner.RunAsync(job, parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
