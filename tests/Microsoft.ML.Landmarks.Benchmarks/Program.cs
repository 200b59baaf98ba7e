using System.CommandLine;
using Microsoft.ML.Landmarks.Benchmarks;

Option<string[]> photos = CommandOptions.Photos();
Option<int> imageSize = CommandOptions.ImageSize(), passes = CommandOptions.Number("--passes", 3, "Times over; the fastest pass counts.");
Option<string> network = CommandOptions.Network();
var pipeline = new Command("pipeline", "Preparing and embedding photographs, against its parts measured alone.") { photos, network,
    imageSize, passes };
pipeline.SetAction(result
    => PipelineBenchmark.Run(result.GetRequiredValue(photos), result.GetRequiredValue(network), result.GetValue(imageSize),
    result.GetValue(passes)));
Option<string> python = CommandOptions.Python();
Option<string?> json = CommandOptions.Json();
var images = new Command("images", "Decoding, resizing and normalising photographs on one thread, beside Pillow and OpenCV.") { photos,
    imageSize, python, json };
images.SetAction(result =>
{
    if (result.IsGiven(python))
        PythonScript.RequirePython(result.GetRequiredValue(python));
    ImagesBenchmark.Run(result.GetRequiredValue(photos), result.GetValue(imageSize), result.GetRequiredValue(python),
        result.GetValue(json));
});
var benchmarks = new Option<string>("--filter")
{
    DefaultValueFactory = _ => "*",
    Description = "The benchmarks that run, by a pattern.",
    HelpName = "PATTERN"
};
var kernels = new Command("kernels", "The innermost loops, by BenchmarkDotNet.") { benchmarks };
kernels.SetAction(result => KernelBenchmarks.Run(result.GetRequiredValue(benchmarks)));

ParseResult parsed = new RootCommand("Measures Microsoft.ML.Landmarks.") { pipeline, images, SearchCommand.Create(), ModelCommand.Create(),
    ChangeCommand.Create(), CheckCommand.Create(), LargeCommand.Create(), LargeCommand.CreateMemory(), PostgresCommand.Create(),
    ServeCommand.Create(), ServeCommand.CreatePeer(), kernels }.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
        Console.Error.WriteLine($"error: {message}");
    Console.Error.WriteLine("--help says what there is.");
    return ExitCodes.WrongArguments;
}

try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (WrongInputException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return ExitCodes.WrongArguments;
}
