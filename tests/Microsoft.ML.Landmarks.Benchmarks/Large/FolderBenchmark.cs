using System.Globalization;
using Microsoft.ML.Landmarks.Benchmarks.Serving;

namespace Microsoft.ML.Landmarks.Benchmarks.Large;

/// <summary>Fits a model to a folder of large photographs by the program, and asks it, in turn with an older build.</summary>
/// <param name="python">The Python that makes the photographs.</param>
/// <param name="baseline">The program of an older build; null for none.</param>
/// <param name="passes">Times over; the fastest pass counts.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class FolderBenchmark(string python, string? baseline, int passes, CancellationToken cancellation)
{
    /// <param name="photos">Small photographs, of which large ones are made.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="WrongInputException">The photographs can't be made.</exception>
    /// <exception cref="PeerFailedException">A program failed.</exception>
    public async Task RunAsync(string[] photos, int count)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-large-").FullName;
        try
        {
            string photographs = Path.Combine(folder, "photos"), model = Path.Combine(folder, "model.zip");
            LargePhotographs.MakeFolders(python, photographs, count, photos);
            Console.WriteLine($"{Processor.Name}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; {count} JPEGs of 12 "
                + $"megapixels, best of {passes}.");
            Console.WriteLine();
            Console.WriteLine("| build | job | photographs a second | processor time of one, ms | peak memory, MB |");
            Console.WriteLine("|---|---|---:|---:|---:|");
            (string Build, string Program, string[] Fit)[] builds = [("this", ServedLandmarks.Program, []),
                ("this, all pixels", ServedLandmarks.Program, ["--decode-scaling", "exact"]),
                .. baseline is null ? [] : new[] { ("older", baseline, Array.Empty<string>()) }];
            List<MeasuredRun>[] fits = [.. builds.Select(_ => new List<MeasuredRun>())],
                answers = [.. builds.Select(_ => new List<MeasuredRun>())], starts = [.. builds.Select(_ => new List<MeasuredRun>())];
            string one = Directory.EnumerateFiles(Path.Combine(photographs, LargePhotographs.None)).First();
            for (int pass = 0; pass < passes; pass++)
            {
                for (int i = 0; i < builds.Length; i++)
                {
                    string program = builds[i].Program;
                    fits[i].Add(await MeasuredProcess.RunAsync([program, "fit", "--train-folders", photographs, "--non-landmark-folder",
                        LargePhotographs.None, "--output", model, "--no-cache", .. builds[i].Fit], cancellation));
                    answers[i].Add(await MeasuredProcess.RunAsync([program, "predict", "--model", model, photographs], cancellation));
                    starts[i].Add(await MeasuredProcess.RunAsync([program, "predict", "--model", model, one], cancellation));
                }
            }

            for (int i = 0; i < builds.Length; i++)
            {
                Write(builds[i].Build, "fit", fits[i], count);
                Write(builds[i].Build, "predict", answers[i], count);
                // Starting and loading the model is what one photograph takes.
                MeasuredRun[] rest = [.. answers[i].Zip(starts[i], (all, start) => all with
                {
                    Seconds = all.Seconds - start.Seconds,
                    Processor = all.Processor - start.Processor,
                })];
                Write(builds[i].Build, "predict, without its start", rest, count - 1);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string build, string job, IReadOnlyList<MeasuredRun> runs, int count)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {build} | {job} | {count / runs.Min(run => run.Seconds):F1} | "
            + $"{1000 * runs.Min(run => run.Processor) / count:F1} | {runs.Max(run => run.PeakMemory) >> 20} |"));
}
