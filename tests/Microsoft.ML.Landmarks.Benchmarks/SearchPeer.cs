using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Both searches by a Python package, in a process of its own.</summary>
internal static class SearchPeer
{
    /// <param name="engine">torch or faiss.</param>
    /// <param name="python">The Python that has the package.</param>
    /// <param name="rows">What is searched.</param>
    /// <param name="penalties">Of the training rows.</param>
    /// <param name="neighbors">Neighbors of a row.</param>
    /// <returns>Null where it has no such package, which is said.</returns>
    public static SearchResult? Run(string engine, string python, SearchRows rows, double[] penalties, int neighbors)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-search-").FullName;
        try
        {
            foreach ((string name, UnitRows part) in (ReadOnlySpan<(string, UnitRows)>)[("train", rows.Train), ("nonlandmark", rows.NonLandmarks), ("query", rows.Queries)])
            {
                using FileStream file = File.Create(Path.Combine(folder, $"{name}.f32"));
                part.Write(file);
            }

            File.WriteAllBytes(Path.Combine(folder, "penalty.f64"), MemoryMarshal.AsBytes(penalties.AsSpan()).ToArray());
            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "search_peer.py"), engine, folder, .. new[] { rows.Train.Dimension, neighbors }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
            using Process process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string[] seconds = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.WriteLine($"{engine} is left out: {errors.Result.Trim().Split('\n')[^1]}");
                return null;
            }

            return new SearchResult(engine, 0, double.Parse(seconds[0], CultureInfo.InvariantCulture), double.Parse(seconds[1], CultureInfo.InvariantCulture), Found("train"), Found("query"));

            int[] Found(string name) => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, $"{name}_neighbors.i32"))).ToArray();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
