using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks compare</c>.</summary>
internal static class CompareCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions(requiresCsvFiles: true);
        Option<string> queries = CommandOptions.Text("--queries", "CSV", "Queries to answer: id,landmarks or id.", required: true);
        Option<string> queryImages = CommandOptions.Text("--query-images", "DIR", "The folder of the photographs in --queries.");
        Option<string> truth = CommandOptions.Truth();
        Option<int[]> imageSizes = CommandOptions.ImageSizes(
            "Sides of the images in pixels; methods are compared with the notebook's at the first. [default: what suits the network, and "
            + "a smaller and a larger one where it takes any]");

        var command = new Command("compare",
            "Fits a model by each method and compares their answers to queries whose truth is known. It says which of them fit makes; fit "
            + "--notebook makes notebook, each at the sizes of its --image-size.");
        training.AddDataTo(command);
        command.Add(queries);
        command.Add(queryImages);
        command.Add(truth);
        command.Add(imageSizes);
        training.AddNetworkTo(command);

        Option[] folders = [training.TrainImages, training.NonLandmarkImages, queryImages];
        command.AddCheck(result =>
        {
            if (result.IsGiven(training.Images) && folders.Any(result.IsGiven))
                result.AddError(Errors.ComparedImagesTwice);
            else if (!result.IsGiven(training.Images) && !folders.All(result.IsGiven))
                result.AddError(Errors.ComparedImageFolders);
        });
        command.SetAction((parsed, cancellation) =>
        {
            FitSettings settings = training.Read(parsed, parsed.GetValue(imageSizes) ?? []);
            var asked = new LandmarkSource(parsed.GetRequiredValue(queries), parsed.GetValue(training.Images)
                ?? parsed.GetRequiredValue(queryImages));
            return runner.RunAsync(session => CompareJob.Run(session, settings, asked, parsed.GetRequiredValue(truth)),
                parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
