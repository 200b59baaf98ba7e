using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.ML.Landmarks.Benchmarks.Checking;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>check</c>.</summary>
internal static class CheckCommand
{
    public static System.CommandLine.Command Create()
    {
        var images = new Option<string>("--images")
        {
            Description = "The folder of photographs, in folders by the first three characters of their ids.",
            HelpName = "FOLDER",
            Required = true,
            CustomParser = ParseFolder,
        };
        Option<string> train = Csv("--train", "A CSV file of photographs and their landmarks."),
            nonLandmarks = Csv("--non-landmarks", "One of photographs that show none."),
            donors = Csv("--donors", "One of other photographs of landmarks; some are planted among those that show none.");
        Option<string> network = CommandOptions.Network();
        Option<int> imageSize = CommandOptions.ImageSize();
        var seeds = new Option<int[]>("--seeds")
        {
            Description = "What is planted where; each is a set of its own.",
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1],
            CustomParser = ParseSeeds,
        };
        Option<string> python = CommandOptions.Python();
        var command = new System.CommandLine.Command("check",
            "Faults planted among reference photographs, and how many are found; with --python beside the rules of cleanlab's Datalab.")
        {
            images, train, nonLandmarks, donors, network, imageSize, seeds, python,
        };
        command.SetAction(result =>
        {
            string? peer = result.IsGiven(python) ? result.GetRequiredValue(python) : null;
            if (peer is not null)
                PythonScript.RequirePython(peer);
            CheckBenchmark.Run(new CheckSettings(result.GetRequiredValue(images), result.GetRequiredValue(train),
                result.GetRequiredValue(nonLandmarks), result.GetRequiredValue(donors), result.GetRequiredValue(network),
                result.GetValue(imageSize), result.GetRequiredValue(seeds), peer));
        });
        return command;
    }

    private static Option<string> Csv(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        Required = true,
        CustomParser = result =>
        {
            string file = result.Tokens[0].Value;
            if (!File.Exists(file))
                result.AddError($"{name} is '{file}', and there is no such file. Name a CSV file with the columns id and landmark_id.");
            return file;
        },
    };

    private static int[] ParseSeeds(ArgumentResult result)
    {
        List<int> seeds = [];
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
                seeds.Add(seed);
            else
                result.AddError($"--seeds has {text}; each must be a whole number, at least 0.");
        }

        return [.. seeds];
    }

    private static string ParseFolder(ArgumentResult result)
    {
        string folder = result.Tokens[0].Value;
        if (!Directory.Exists(folder))
            result.AddError($"The folder '{folder}' does not exist. Name one with photographs by --images.");
        return folder;
    }
}
