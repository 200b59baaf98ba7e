using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks evaluate</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        Option<string> predictions = CommandOptions.Text("--predictions", "CSV",
            "Answers, as predict writes them: a submission, or its CSV, which has verdicts too.", required: true);
        Option<string> truth = CommandOptions.Truth();
        Option<string> train = CommandOptions.Text("--train", "CSV",
            "What the model was fitted to, to tell queries of landmarks that it does not know: id,landmark_id or landmark_id,images.");
        Option<string> trainFolders = CommandOptions.Text("--train-folders", "DIR", "Likewise a folder with a folder for each landmark.");
        Option<double?> falseAlarms = CommandOptions.Rate("--false-alarms",
            "The share of photographs of no landmark that may be answered; verdicts are decided anew. [default: as answered, and at 1%, 5% "
            + "and 10%]");
        Option<double?> unknown = CommandOptions.Rate("--unknown-landmarks",
            "Likewise of photographs of landmarks that the model does not know. [default: they have no part in it]");
        var command = new Command("evaluate", "Compares answers with the truth, and verdicts with the rates that they promise.")
        {
            predictions, truth, train, trainFolders, falseAlarms, unknown,
        };
        command.AddCheck(result =>
        {
            if (result.IsGiven(train) && result.IsGiven(trainFolders))
                result.AddError(Errors.TrainTwice);
        });
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new EvaluateSettings
            {
                Predictions = parsed.GetRequiredValue(predictions),
                Truth = parsed.GetRequiredValue(truth),
                OpenKnown = parsed.GetValue(train) is { } file ? ml => ml.Data.LoadLandmarks(file, imageFolder: ".")
                    : parsed.GetValue(trainFolders) is { } folder ? ml => ml.Data.LoadLandmarkFolders(folder) : null,
                FalseAlarmRate = parsed.GetValue(falseAlarms),
                UnknownLandmarkRate = parsed.GetValue(unknown),
            };
            return runner.RunAsync(session => EvaluateJob.Run(session, settings), parsed.GetValue(verbose), cancellation);
        });
        return command;
    }
}
