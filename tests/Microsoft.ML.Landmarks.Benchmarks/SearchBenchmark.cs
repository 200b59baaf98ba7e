using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Both searches of the method, side by side in one run: training rows against non-landmarks (5 neighbors), and queries against training rows
/// less their penalties (5). Answers are compared with a plain search in double precision, of a sample of the rows.
/// </summary>
internal static class SearchBenchmark
{
    private const string TorchSharp = "torchsharp";
    private const int Neighbors = 5, SampleRows = 200, SingleQueries = 20;

    public static void Run(string source, int train, int nonLandmarks, int queries, int dimension, string[] engines, string python, FileInfo? json)
    {
        Console.WriteLine($"{Processor.Name}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; {source} rows: {train} for training, {nonLandmarks} non-landmarks, {queries} queries, {dimension} dimensions; {Neighbors} neighbors.");
        SearchRows rows = SearchRows.Create(source, train, nonLandmarks, queries, dimension);
        double peak = FmaPeak.MeasureGigaProducts();
        List<SearchResult> results = [];
        List<(string Engine, double Seconds)> singles = [];
        double[] penalties = [];
        foreach (string name in engines.Intersect([EngineSelection.Filter, EngineSelection.Fused, TorchSharp]))
            results.Add(RunEngine(name, rows, ref penalties, singles));
        if (penalties.Length == 0)
            RunEngine(EngineSelection.Filter, rows, ref penalties, []);
        if (engines.Contains("tensors"))
        {
            (double first, int[] trainRows) = Timed(() => TensorSearch(rows.Train, rows.NonLandmarks, null));
            (double second, int[] queryRows) = Timed(() => TensorSearch(rows.Queries, rows.Train, penalties));
            results.Add(new SearchResult("tensors", 0, first, second, trainRows, queryRows));
            singles.Add(("tensors", Timed(() => TensorSearch(First(rows.Queries, SingleQueries), rows.Train, penalties)).Seconds / SingleQueries));
        }

        foreach (string peer in engines.Except([EngineSelection.Filter, EngineSelection.Fused, TorchSharp, "tensors"]))
        {
            if (SearchPeer.Run(peer, python, rows, penalties, Neighbors) is { } result)
                results.Add(result);
        }

        // A machine that is not alone is not always as fast.
        peak = Math.Max(peak, FmaPeak.MeasureGigaProducts());
        int[] mismatches = [.. results.Select(r => Mismatches(rows.Train, rows.NonLandmarks, null, r.TrainRows) + Mismatches(rows.Queries, rows.Train, penalties, r.QueryRows))];
        Report(rows, peak, results, mismatches, singles);
        if (json is not null)
            File.WriteAllText(json.FullName, ToJson(rows, peak, results, mismatches));
    }

    private static SearchResult RunEngine(string name, SearchRows rows, ref double[] penalties, List<(string Engine, double Seconds)> singles)
    {
        var parallelism = new ParallelOptions();
        var mlContext = new MLContext();
        mlContext.Log += (_, e) => Console.WriteLine(e.RawMessage);
        using IChannel channel = ((IHostEnvironment)mlContext).Start("Benchmark");
        var selection = new EngineSelection(name == TorchSharp ? null : name, null);
        SearchDevice? device = name == TorchSharp ? new SearchDevice("the CPU", (gallery, minus, cpuEngine) => new TorchNeighborEngine(gallery, minus, cpuEngine, torch.CPU)) : null;

        long before = GC.GetTotalMemory(forceFullCollection: true);
        (double prepare, INeighborEngine engine) = Timed(() => NeighborEngines.Create("Non-landmarks", rows.NonLandmarks, null, device, rows.Train, rows.Train.Count, parallelism, channel, selection));
        Console.WriteLine($"{name}: {(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)rows.NonLandmarks.Count:F0} bytes a row beside the row's own {4 * rows.Train.Dimension}");
        (double train, Neighbor[] trainNeighbors) = Timed(() => Search(engine, rows.Train));
        double[] found = [.. trainNeighbors.Chunk(Neighbors).Select(nearest => Penalty.Mean(nearest))];
        if (penalties.Length == 0)
            penalties = found;
        (double prepareTrain, INeighborEngine trainEngine) = Timed(() => NeighborEngines.Create("Training rows", rows.Train, found, device, rows.Train, rows.Queries.Count, parallelism, channel, selection));
        (double query, Neighbor[] queryNeighbors) = Timed(() => Search(trainEngine, rows.Queries));

        var one = new Neighbor[Neighbors];
        singles.Add((name, Timed(() =>
        {
            for (int i = 0; i < SingleQueries; i++)
                trainEngine.Search(rows.Queries[i % rows.Queries.Count].ToArray(), Neighbors, one, parallelism);
            return 0;
        }).Seconds / SingleQueries));
        return new SearchResult(name, prepare + prepareTrain, train, query, RowsOf(trainNeighbors), RowsOf(queryNeighbors));
    }

    private static (double Seconds, T Result) Timed<T>(Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, result);
    }

    private static Neighbor[] Search(INeighborEngine engine, UnitRows rows)
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

    // What a user would write: a dot product a pair, in single precision, and a sorted list of the best. One query is compared by all cores.
    private static int[] TensorSearch(UnitRows queries, UnitRows gallery, double[]? penalties)
    {
        var best = new Neighbor[queries.Count * Neighbors];
        Array.Fill(best, Neighbor.None);
        Parallel.For(0, queries.Count, query =>
        {
            for (int row = 0; row < gallery.Count; row++)
            {
                double score = TensorPrimitives.Dot(queries[query], gallery[row]) - (penalties is null ? 0 : penalties[row]);
                if (score > best[(query + 1) * Neighbors - 1].Score)
                    TopK.Insert(best.AsSpan(query * Neighbors, Neighbors), new Neighbor(row, score));
            }
        });
        return RowsOf(best);
    }

    private static int Mismatches(UnitRows queries, UnitRows gallery, double[]? penalties, int[] found)
    {
        int mismatches = 0;
        Parallel.For(0, Math.Min(SampleRows, queries.Count), i =>
        {
            int query = (int)((long)i * queries.Count / Math.Min(SampleRows, queries.Count));
            var best = new Neighbor[Neighbors];
            Array.Fill(best, Neighbor.None);
            for (int row = 0; row < gallery.Count; row++)
                TopK.Insert(best, new Neighbor(row, ExactDot.Compute(queries[query], gallery[row]) - (penalties is null ? 0 : penalties[row])));
            Interlocked.Add(ref mismatches, best.Where((neighbor, place) => neighbor.Row != found[query * Neighbors + place]).Count());
        });
        return mismatches;
    }

    private static void Report(SearchRows rows, double peak, List<SearchResult> results, int[] mismatches, List<(string Engine, double Seconds)> singles)
    {
        Console.WriteLine($"Peak of fused multiply-adds in single precision, measured in this run: {peak:F1} G/s.");
        Console.WriteLine($"Peak working set: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB, of which {rows.Train.Dimension * 4L * (rows.Train.Count + rows.NonLandmarks.Count + rows.Queries.Count) >> 20} MB are the rows.");
        Console.WriteLine();
        Console.WriteLine("| engine | prepare, s | train, s | query, s | total, s | total over the first | share of the peak, searches | places that differ |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach ((SearchResult r, int differ) in results.Zip(mismatches))
            Console.WriteLine($"| {r.Engine} | {r.Prepare:F2} | {r.Train:F2} | {r.Query:F2} | {r.Total:F2} | {r.Total / results[0].Total:F2} | {Share(rows, peak, r.Train + r.Query):P0} | {differ} of {Sampled(rows)} |");
        Console.WriteLine();
        Console.WriteLine("One query at a time: " + string.Join(", ", singles.Select(s => $"{s.Engine} {s.Seconds * 1000:F2} ms")) + ".");
    }

    private static int Sampled(SearchRows rows) => Neighbors * (Math.Min(SampleRows, rows.Train.Count) + Math.Min(SampleRows, rows.Queries.Count));

    private static double Share(SearchRows rows, double peak, double seconds) => (TrainProducts(rows) + QueryProducts(rows)) / seconds / peak / 1e9;

    private static double TrainProducts(SearchRows rows) => (double)rows.Train.Count * rows.NonLandmarks.Count * rows.Train.Dimension;

    private static double QueryProducts(SearchRows rows) => (double)rows.Queries.Count * rows.Train.Count * rows.Train.Dimension;

    private static string ToJson(SearchRows rows, double peak, List<SearchResult> results, int[] mismatches)
    {
        double all = TrainProducts(rows) + QueryProducts(rows);
        var figures = results.Zip(mismatches).SelectMany(pair => ((string Stage, double Seconds, double Products)[])
            [("prepare", pair.First.Prepare, 0), ("train", pair.First.Train, TrainProducts(rows)), ("query", pair.First.Query, QueryProducts(rows)), ("total", pair.First.Total, all)],
            (pair, part) => new { engine = pair.First.Engine, stage = part.Stage, seconds = part.Seconds, share_of_fp32_peak = part.Seconds > 0 ? part.Products / part.Seconds / peak / 1e9 : 0, mismatches = pair.Second });
        return JsonSerializer.Serialize(new { processor = Processor.Name, threads = Environment.ProcessorCount, figures });
    }

    private static UnitRows First(UnitRows rows, int count)
    {
        var first = new UnitRows(rows.Dimension);
        for (int i = 0; i < count; i++)
            first.Add(rows[i % rows.Count]);
        return first;
    }

    private static int[] RowsOf(Neighbor[] neighbors) => [.. neighbors.Select(neighbor => neighbor.Row)];
}
