using System.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary><c>landmarks network</c>.</summary>
internal static class NetworkCommand
{
    public static Command Create(JobRunner runner, Option<bool> verbose)
    {
        var training = new TrainingOptions();
        var network = new Argument<string>("ONNX") { Description = "The network, as --network of fit takes it." };
        network.Validators.Add(result => CommandOptions.RequireTexts(result, network.Name));
        Option<int[]> imageSize = CommandOptions.ImageSizes("Side in pixels of the image that the network is tried on. [default: what the "
            + $"network says, else {ImagePreparingEstimator.Defaults.ImageSize}]");
        Option<ResultFormat?> format = CommandOptions.Format(
            "How it is told: for people, as an object of JSON, or the inputs and outputs alone as a CSV file. [default: text]");
        Option<string> output = CommandOptions.Text("--output", "FILE",
            "The file that it is written to, - for standard output. [default: standard output]");
        var command = new Command("network", "Tells what was found of a network: its inputs and outputs, the images that it takes, how its "
            + "output becomes an embedding, and how long it takes.")
        {
            network, imageSize, format, output,
        };
        training.AddUseOfNetworkTo(command);
        command.SetAction((parsed, cancellation) => runner.RunAsync(session => NetworkJob.Run(session,
            training.Read(parsed, parsed.GetValue(imageSize) ?? [], network: parsed.GetRequiredValue(network)), parsed.GetValue(format),
            parsed.GetValue(output)), parsed.GetValue(verbose), cancellation));
        return command;
    }
}
