using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Runs <c>tests/ModelRun</c> with this build of the library, and in turn with an older one.</summary>
internal static class ModelBenchmark
{
    /// <summary>The file of the library.</summary>
    public const string Library = "Microsoft.ML.Landmarks.dll";

    private static readonly (string Name, string What, string? Raw)[] s_figures =
    [
        ("save", "Model.Save", "raw-write"), ("load", "Model.Load to the answer of the first query", "raw-read"),
        ("single", "one query", null), ("batch", "all queries", null),
    ];

    /// <param name="settings">The rows.</param>
    /// <param name="threads">Cores that .NET sees.</param>
    /// <param name="baseline">The library of an older build; null for none.</param>
    /// <returns>The exit code: 1 where a run failed.</returns>
    /// <exception cref="WrongInputException">Memory does not suffice for the rows.</exception>
    public static int Run(SearchSettings settings, int threads, string? baseline)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-model-").FullName;
        try
        {
            long bytes = WriteRows(settings, folder);
            Dictionary<string, double> own = Measure(ProgramFolder, folder, settings, threads);
            Dictionary<string, double>? other = baseline is null ? null : Measure(WithLibrary(baseline, folder), folder, settings, threads);
            Console.WriteLine($"{Processor.Name}, {threads} of {Environment.ProcessorCount} cores, .NET {Environment.Version}; "
                + $"{settings.Rows} rows: {settings.Train} for training, "
                + $"{settings.NonLandmarks} non-landmarks, {settings.Queries} queries, {settings.Dimension} dimensions, {bytes >> 20} MB.");
            Console.WriteLine();
            Console.WriteLine("| what | this build, ms | over reading or writing as many bytes | older build, ms | older over this |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            foreach ((string name, string what, string? raw) in s_figures)
            {
                string overRaw = raw is null ? "" : Number(own[name] / own[raw]);
                Console.WriteLine($"| {what} | {Number(own[name] * 1000)} | {overRaw} | "
                    + $"{(other is null ? "" : Number(other[name] * 1000))} | {(other is null ? "" : Number(other[name] / own[name]))} |");
            }

            return ExitCodes.Success;
        }
        catch (PeerFailedException e)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return ExitCodes.Failed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static string ProgramFolder
        => typeof(ModelBenchmark).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ModelRun").Value!;

    private static long WriteRows(SearchSettings settings, string folder)
    {
        SearchRows rows = SearchRows.Create(settings);
        foreach ((string name, UnitRows part) in (ReadOnlySpan<(string, UnitRows)>)[("train", rows.Train),
            ("non-landmarks", rows.NonLandmarks), ("queries", rows.Queries)])
        {
            using FileStream file = File.Create(Path.Combine(folder, $"{name}.f32"));
            part.Write(file);
        }

        return rows.Bytes;
    }

    // The program's folder with the other library in it; native libraries are large, and stay where they are.
    private static string WithLibrary(string library, string folder)
    {
        string copy = Directory.CreateDirectory(Path.Combine(folder, "program")).FullName;
        foreach (string file in Directory.EnumerateFiles(ProgramFolder))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        foreach (string subfolder in Directory.EnumerateDirectories(ProgramFolder))
            Directory.CreateSymbolicLink(Path.Combine(copy, Path.GetFileName(subfolder)), subfolder);
        File.Copy(library, Path.Combine(copy, Library), overwrite: true);
        return copy;
    }

    private static Dictionary<string, double> Measure(string program, string folder, SearchSettings settings, int threads)
    {
        string dimension = string.Create(CultureInfo.InvariantCulture, $"{settings.Dimension}"), zip = Path.Combine(folder, "model.zip");
        return new([
            .. RunProgram(program, threads, "save", Path.Combine(folder, "train.f32"), Path.Combine(folder, "non-landmarks.f32"), dimension,
            zip),
            .. RunProgram(program, threads, "ask", zip, Path.Combine(folder, "queries.f32"), dimension),
        ]);
    }

    private static KeyValuePair<string, double>[] RunProgram(string folder, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            ["exec", Path.Combine(folder, "ModelRun.dll"), .. arguments])
        { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = threads.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new PeerFailedException($"ModelRun {arguments[0]} in '{folder}' ended with exit code {process.ExitCode}.");
        return [.. lines.Select(line => line.Split(' '))
            .Select(parts => KeyValuePair.Create(parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture)))];
    }
}
