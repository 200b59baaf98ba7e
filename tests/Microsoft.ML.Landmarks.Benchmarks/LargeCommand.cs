using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.Landmarks.Benchmarks.Large;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>large</c>.</summary>
internal static class LargeCommand
{
    /// <summary>What a process of its own does for it, so that its memory is its own.</summary>
    public const string MemoryName = "large-memory";

    private const int MostPhotographs = 10_000, MostPasses = 1_000;

    public static System.CommandLine.Command Create()
    {
        Option<string[]> photos = CommandOptions.Photos();
        Option<int> imageSize = CommandOptions.ImageSize(),
            passes = CommandOptions.Number("--passes", 3, "Times over; the fastest pass counts.", MostPasses),
            count = CommandOptions.Number("--count", 0, "Photographs of a folder to which a model is fitted, and about which it is asked.",
                MostPhotographs);
        Option<string> python = CommandOptions.Python();
        var baseline = new Option<string?>("--baseline")
        {
            Description = "landmarks.dll of an older build, which does the same with the folder.",
            HelpName = "FILE",
            CustomParser = ParseBaseline,
        };
        var command = new System.CommandLine.Command("large", "Preparing photographs of 12 to 48 megapixels, which Pillow makes of smaller "
            + "ones, beside Pillow and OpenCV; or, with --count, a folder of them by fit and predict.")
        {
            photos, imageSize, passes, python, count, baseline,
        };
        command.SetAction(async (result, cancellation) =>
        {
            PythonScript.RequirePython(result.GetRequiredValue(python));
            try
            {
                string program = result.GetRequiredValue(python);
                if (result.GetValue(count) is > 0 and var photographs)
                {
                    await new FolderBenchmark(program, result.GetValue(baseline), result.GetValue(passes), cancellation).RunAsync(
                        result.GetRequiredValue(photos), photographs);
                }
                else
                {
                    await LargeBenchmark.RunAsync(result.GetRequiredValue(photos), result.GetValue(imageSize), result.GetValue(passes),
                        program, cancellation);
                }

                return ExitCodes.Success;
            }
            catch (PeerFailedException e)
            {
                Console.Error.WriteLine($"error: {e.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }

    /// <summary>Prepares one photograph, and prints the memory that this took.</summary>
    public static System.CommandLine.Command CreateMemory()
    {
        Argument<string> file = new("file"), small = new("small");
        Option<int> imageSize = CommandOptions.ImageSize();
        var scaling = new Option<DecodeScaling>("--scaling");
        var command = new System.CommandLine.Command(MemoryName) { file, small, imageSize, scaling };
        command.Hidden = true;
        command.SetAction(result => LargeBenchmark.PrintMemory(result.GetRequiredValue(file), result.GetValue(imageSize),
            result.GetValue(scaling), result.GetRequiredValue(small)));
        return command;
    }

    private static string ParseBaseline(ArgumentResult result)
    {
        string file = result.Tokens[0].Value;
        if (!File.Exists(file))
            result.AddError($"--baseline is '{file}', and there is no such file. Name landmarks.dll of an older build.");
        return Path.GetFullPath(file);
    }
}
