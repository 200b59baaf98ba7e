using System.CommandLine;
using Landmarks.Demo.Data;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks fit</c>.</summary>
internal static class FitCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions(requiresCsvFiles: false);
        Option<string> trainFolders =
            CommandOptions.Text("--train-folders", "DIR",
            "In place of the CSV files: a folder with a folder of photographs for each landmark, which may hold others.");
        Option<string> nonLandmarkFolder =
            CommandOptions.Text("--non-landmark-folder", "NAME", "The one in --train-folders whose photographs show no landmark.");
        Option<string> output = CommandOptions.Text("--output", "ZIP", "The model that is written.", required: true);
        Option<int[]> imageSizes = CommandOptions.ImageSizes(
            $"Side of the images in pixels; of several, the mean of the embeddings is taken. [default: what the network says, else "
            + $"{ImagePreparingEstimator.Defaults.ImageSize}]");
        var notebook = new Option<bool>("--notebook")
        {
            Description = "The plain method of the notebook: embeddings are not whitened, "
            + "votes not tuned."
        };

        var command = new Command("fit", "Fits a model to photographs of landmarks and of none.");
        training.AddDataTo(command);
        command.Add(trainFolders);
        command.Add(nonLandmarkFolder);
        command.Add(output);
        command.Add(notebook);
        command.Add(imageSizes);
        training.AddNetworkTo(command);

        Option[] ofCsvFiles = [training.Train, training.NonLandmarks, training.Images, training.TrainImages, training.NonLandmarkImages,
            training.PerLandmark];
        command.AddCheck(result =>
        {
            bool both = result.IsGiven(training.TrainImages) && result.IsGiven(training.NonLandmarkImages),
                either = result.IsGiven(training.TrainImages) || result.IsGiven(training.NonLandmarkImages);
            bool folders = result.IsGiven(trainFolders) || result.IsGiven(nonLandmarkFolder);
            if (folders && ofCsvFiles.Any(result.IsGiven))
                result.AddError(Errors.FoldersAndCsvFiles);
            else if (folders ? !(result.IsGiven(trainFolders) && result.IsGiven(nonLandmarkFolder))
                : !(result.IsGiven(training.Train) && result.IsGiven(training.NonLandmarks)))
                result.AddError(Errors.TrainingData);
            else if (result.IsGiven(training.Images) && either)
                result.AddError(Errors.ImagesTwice);
            else if (!folders && !result.IsGiven(training.Images) && !both)
                result.AddError(Errors.TrainImageFolders);
        });
        command.SetAction((parsed, cancellation) =>
        {
            FitSettings settings = training.Read(parsed, parsed.GetValue(imageSizes) ?? []);
            if (parsed.GetValue(trainFolders) is { } folder)
                settings = settings with
                {
                    OpenData = (ml, stop)
                    => TrainingData.OfFolders(ml, folder, parsed.GetRequiredValue(nonLandmarkFolder), stop)
                };
            return runner.RunAsync(
                session => FitJob.Run(session, settings, parsed.GetValue(notebook), parsed.GetRequiredValue(output)),
                parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
