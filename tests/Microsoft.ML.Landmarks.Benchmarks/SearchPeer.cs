using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Both searches by a Python package, in a process of its own.</summary>
internal static class SearchPeer
{
    /// <param name="engine">One of <see cref="SearchEngines.Peers"/>.</param>
    /// <param name="python">The Python that has the package.</param>
    /// <param name="rows">What is searched.</param>
    /// <param name="penalties">Of the training rows.</param>
    /// <param name="neighbors">Neighbors of a row.</param>
    /// <exception cref="PeerFailedException">It has no such package, or that failed.</exception>
    public static SearchResult Run(string engine, string python, SearchRows rows, double[] penalties, int neighbors)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-search-").FullName;
        try
        {
            foreach ((string name, UnitRows part) in (ReadOnlySpan<(string, UnitRows)>)[("train", rows.Train),
                ("nonlandmark", rows.NonLandmarks), ("query", rows.Queries)])
            {
                using FileStream file = File.Create(Path.Combine(folder, $"{name}.f32"));
                part.Write(file);
            }

            File.WriteAllBytes(Path.Combine(folder, "penalty.f64"), MemoryMarshal.AsBytes(penalties.AsSpan()).ToArray());
            string output = PythonScript.Run(python, "search_peer.py",
                [engine, folder, .. new[] { rows.Train.Dimension, neighbors }.Select(n => n.ToString(CultureInfo.InvariantCulture))]);
            if (output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [{ } train, { } query])
                throw new PeerFailedException($"it printed '{output.Trim()}', not two numbers of seconds");
            return new SearchResult(engine, 0, double.Parse(train, CultureInfo.InvariantCulture),
                double.Parse(query, CultureInfo.InvariantCulture), Found("train"), Found("query"), []);

            int[] Found(string name)
                => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, $"{name}_neighbors.i32"))).ToArray();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
