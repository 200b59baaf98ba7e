using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Both searches of the method on generated rows, side by side in one run: training rows against non-landmarks (5 neighbors), and queries
/// against training rows less their penalties (5). Each engine's answers are compared with the exact ones.
/// </summary>
internal static class SearchBenchmark
{
    private const int Neighbors = 5;

    public static void Run(int train, int nonLandmarks, int queries, int dimension, string[] engines, string python, FileInfo? json)
    {
        var generator = new RowGenerator(dimension, seed: 1);
        UnitRows trainRows = generator.Landmarks(train), nonLandmarkRows = generator.NonLandmarks(nonLandmarks), queryRows = generator.Queries(queries);
        double gigaProducts = ((double)train * nonLandmarks + (double)queries * train) * dimension / 1e9;

        double[] penalties = [];
        Neighbor[] expected = [];
        List<(string Engine, double Penalties, double Queries, int Mismatches)> results = [];
        // The exact engine comes first: the others are compared with it, and take its penalties.
        foreach (string engine in engines.Prepend("fused").Distinct())
        {
            switch (engine)
            {
                case "fused":
                    (double penaltySeconds, penalties) = Timed(() => Penalties(new FusedNeighborEngine(nonLandmarkRows, null), trainRows));
                    (double querySeconds, expected) = Timed(() => Search(new FusedNeighborEngine(trainRows, penalties), queryRows));
                    results.Add((engine, penaltySeconds, querySeconds, 0));
                    break;
                case "tensors":
                    (double first, _) = Timed(() => TensorSearch(trainRows, nonLandmarkRows, null));
                    (double second, Neighbor[] found) = Timed(() => TensorSearch(queryRows, trainRows, penalties));
                    results.Add((engine, first, second, Mismatches(expected, found)));
                    break;
                default:
                    if (RunPeer(engine, python, trainRows, nonLandmarkRows, queryRows, penalties) is { } peer)
                        results.Add((engine, peer.Penalties, peer.Queries, Mismatches(expected, peer.Found)));
                    break;
            }
        }

        double peak = FmaPeak.MeasureGigaProducts();
        Report(train, nonLandmarks, queries, dimension, gigaProducts, peak, results, json);
    }

    private static (double Seconds, T Result) Timed<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    private static double[] Penalties(FusedNeighborEngine engine, UnitRows rows)
        => [.. Search(engine, rows).Chunk(Neighbors).Select(nearest => Penalty.Mean(nearest))];

    private static Neighbor[] Search(FusedNeighborEngine engine, UnitRows rows)
    {
        var best = new Neighbor[rows.Count * Neighbors];
        int done = 0;
        foreach (ReadOnlyMemory<float> block in rows.Blocks)
        {
            int count = block.Length / rows.Dimension * Neighbors;
            engine.Search(block, Neighbors, best.AsMemory(done, count), new ParallelOptions());
            done += count;
        }

        return best;
    }

    // What a user would write: a dot product a pair, in single precision, and a sorted list of the best.
    private static Neighbor[] TensorSearch(UnitRows queries, UnitRows gallery, double[]? penalties)
    {
        var best = new Neighbor[queries.Count * Neighbors];
        Array.Fill(best, Neighbor.None);
        Parallel.For(0, queries.Count, query =>
        {
            Span<Neighbor> nearest = best.AsSpan(query * Neighbors, Neighbors);
            for (int row = 0; row < gallery.Count; row++)
            {
                double score = TensorPrimitives.Dot(queries[query], gallery[row]) - (penalties is null ? 0 : penalties[row]);
                if (score > nearest[^1].Score)
                    TopK.Insert(nearest, new Neighbor(row, score));
            }
        });
        return best;
    }

    private static (double Penalties, double Queries, Neighbor[] Found)? RunPeer(string engine, string python, UnitRows train, UnitRows nonLandmarks, UnitRows queries, double[] penalties)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-search-").FullName;
        try
        {
            foreach ((string name, UnitRows rows) in (ReadOnlySpan<(string, UnitRows)>)[("train", train), ("nonlandmark", nonLandmarks), ("query", queries)])
            {
                using FileStream file = File.Create(Path.Combine(folder, $"{name}.f32"));
                rows.Write(file);
            }

            File.WriteAllBytes(Path.Combine(folder, "penalty.f64"), MemoryMarshal.AsBytes(penalties.AsSpan()).ToArray());
            var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "search_peer.py"), engine, folder, train.Dimension.ToString(CultureInfo.InvariantCulture), Neighbors.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string[] seconds = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.WriteLine($"{engine} is left out: {errors.Result.Trim().Split('\n')[^1]}");
                return null;
            }

            int[] rowsFound = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, "neighbors.i32"))).ToArray();
            return (double.Parse(seconds[0], CultureInfo.InvariantCulture), double.Parse(seconds[1], CultureInfo.InvariantCulture), [.. rowsFound.Select(row => new Neighbor(row, 0))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Mismatches(Neighbor[] expected, Neighbor[] found) => expected.Zip(found).Count(pair => pair.First.Row != pair.Second.Row);

    private static void Report(int train, int nonLandmarks, int queries, int dimension, double gigaProducts, double peak, List<(string Engine, double Penalties, double Queries, int Mismatches)> results, FileInfo? json)
    {
        (_, double ownPenalties, double ownQueries, _) = results[0];
        Console.WriteLine($"{Processor.Name}, {Environment.ProcessorCount} cores, .NET {Environment.Version}. Peak of fused multiply-adds in single precision, measured in this run: {peak:F1} G/s.");
        Console.WriteLine($"{train} training rows x {nonLandmarks} non-landmarks, {queries} queries x {train} training rows, {dimension} dimensions, {Neighbors} neighbors.");
        Console.WriteLine();
        Console.WriteLine("| engine | penalties, s | queries, s | both, s | times fused | share of the peak | places that differ |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach ((string engine, double penalties, double queriesSeconds, int mismatches) in results)
            Console.WriteLine($"| {engine} | {penalties:F2} | {queriesSeconds:F2} | {penalties + queriesSeconds:F2} | {(penalties + queriesSeconds) / (ownPenalties + ownQueries):F2} | {gigaProducts / (penalties + queriesSeconds) / peak:P0} | {mismatches} |");
        if (json is not null)
            File.WriteAllText(json.FullName, JsonSerializer.Serialize(results.Select(r => new { r.Engine, r.Penalties, r.Queries, r.Mismatches })));
    }
}
