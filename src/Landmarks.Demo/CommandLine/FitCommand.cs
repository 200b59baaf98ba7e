using System.CommandLine;
using Landmarks.Demo.Data;
using Landmarks.Demo.Jobs;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks fit</c>.</summary>
internal static class FitCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> train = CommandOptions.Text("--train", "CSV", "Reference photographs: id,landmark_id.");
        Option<string> nonLandmarks = CommandOptions.Text("--non-landmarks", "CSV", "Photographs that show no landmark: the rows of id,landmark_id that are labelled -1.");
        Option<string> images = CommandOptions.Text("--images", "DIR", "The folder of all photographs; that of id abc… is DIR/a/b/c/abc….jpg.");
        Option<string> trainImages = CommandOptions.Text("--train-images", "DIR", "The folder of the photographs in --train.");
        Option<string> nonLandmarkImages = CommandOptions.Text("--non-landmark-images", "DIR", "The folder of the photographs in --non-landmarks.");
        Option<string> trainFolders = CommandOptions.Text("--train-folders", "DIR", "In place of the CSV files: a folder with a folder of photographs for each landmark.");
        Option<string> nonLandmarkFolder = CommandOptions.Text("--non-landmark-folder", "NAME", "The one in --train-folders whose photographs show no landmark.");
        Option<string> network = CommandOptions.Text("--network", "ONNX", "The network that makes embeddings of photographs.", required: true);
        Option<string> output = CommandOptions.Text("--output", "ZIP", "The model that is written.", required: true);
        Option<int?> imageSize = CommandOptions.Number("--image-size", $"Side of the images in pixels. [default: what the network says, else {ImagePreparingEstimator.Defaults.ImageSize}]");
        Option<int?> perLandmark = CommandOptions.Number("--per-landmark", "Take the first N photographs of each landmark. [default: all]");
        Option<int?> neighbors = CommandOptions.Number("--neighbors", $"Neighbors that vote. [default: {KnnLandmarkEstimator.Defaults.NumberOfNeighbors}]");
        Option<int?> trainPenalty = CommandOptions.Number("--train-penalty-neighbors",
            $"Non-landmarks that make the penalty of a reference photograph. [default: {KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors}]");
        Option<int?> queryPenalty = CommandOptions.Number("--query-penalty-neighbors",
            $"Non-landmarks that make the penalty of a query. [default: {KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors}]");
        Option<BadImageHandling?> onBadImage = CommandOptions.OnBadImage();
        Option<int?> gpu = CommandOptions.Number("--gpu", "The GPU to work on, by CUDA's number. [default: the CPU]", minimum: 0);
        var notebook = new Option<bool>("--notebook") { Description = "The plain method of the notebook: embeddings are not whitened, and the votes not tuned." };
        var fallbackToCpu = new Option<bool>("--fallback-to-cpu") { Description = "Take the CPU where the GPU can't be used." };

        var command = new Command("fit", "Fits a model to photographs of landmarks and of none.")
        {
            train, nonLandmarks, images, trainImages, nonLandmarkImages, trainFolders, nonLandmarkFolder, network, output,
            imageSize, perLandmark, neighbors, trainPenalty, queryPenalty, notebook, onBadImage, gpu, fallbackToCpu,
        };
        Option[] ofCsvFiles = [train, nonLandmarks, images, trainImages, nonLandmarkImages, perLandmark];
        command.AddCheck(result =>
        {
            bool both = result.IsGiven(trainImages) && result.IsGiven(nonLandmarkImages), either = result.IsGiven(trainImages) || result.IsGiven(nonLandmarkImages);
            bool folders = result.IsGiven(trainFolders) || result.IsGiven(nonLandmarkFolder);
            if (folders && ofCsvFiles.Any(result.IsGiven))
                result.AddError(Errors.FoldersAndCsvFiles);
            else if (folders ? !(result.IsGiven(trainFolders) && result.IsGiven(nonLandmarkFolder)) : !(result.IsGiven(train) && result.IsGiven(nonLandmarks)))
                result.AddError(Errors.TrainingData);
            else if (result.IsGiven(images) && either)
                result.AddError(Errors.ImagesTwice);
            else if (!folders && !result.IsGiven(images) && !both)
                result.AddError(Errors.TrainImageFolders);
        });
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new FitSettings
            {
                OpenData = parsed.GetValue(trainFolders) is { } folder
                    ? (ml, stop) => TrainingData.OfFolders(ml, folder, parsed.GetRequiredValue(nonLandmarkFolder), stop)
                    : (ml, stop) => TrainingData.OfCsvFiles(ml, TrainSource(parsed), NonLandmarkSource(parsed), stop),
                Network = parsed.GetRequiredValue(network),
                ImageSize = parsed.GetValue(imageSize),
                Neighbors = parsed.GetValue(neighbors) ?? KnnLandmarkEstimator.Defaults.NumberOfNeighbors,
                TrainPenaltyNeighbors = parsed.GetValue(trainPenalty) ?? KnnLandmarkEstimator.Defaults.NumberOfTrainingPenaltyNeighbors,
                QueryPenaltyNeighbors = parsed.GetValue(queryPenalty) ?? KnnLandmarkEstimator.Defaults.NumberOfQueryPenaltyNeighbors,
                BadImages = parsed.GetValue(onBadImage) ?? ImagePreparingEstimator.Defaults.BadImages,
                Gpu = parsed.GetValue(gpu),
                FallbackToCpu = parsed.GetValue(fallbackToCpu),
            };
            return runner.RunAsync(session => FitJob.Run(session, settings, parsed.GetValue(notebook) ? Method.Notebook : Method.Default, parsed.GetRequiredValue(output)), parsed.GetValue(verbose), cancellation);
        });
        return command;

        LandmarkSource TrainSource(ParseResult parsed)
            => new(parsed.GetRequiredValue(train), parsed.GetValue(images) ?? parsed.GetRequiredValue(trainImages)) { PhotosPerLandmark = parsed.GetValue(perLandmark) };

        LandmarkSource NonLandmarkSource(ParseResult parsed)
            => new(parsed.GetRequiredValue(nonLandmarks), parsed.GetValue(images) ?? parsed.GetRequiredValue(nonLandmarkImages));
    }
}
