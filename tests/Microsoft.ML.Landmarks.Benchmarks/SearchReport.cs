using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>The figures of the search benchmark, for people and as JSON.</summary>
/// <param name="rows">What was searched.</param>
/// <param name="peak">Billions of fused multiply-adds in single precision a second.</param>
/// <param name="results">What each engine took and found.</param>
/// <param name="exactTrain">What is to be found for the training rows.</param>
/// <param name="exactQueries">What is to be found for the queries.</param>
internal sealed class SearchReport(SearchRows rows, double peak, IReadOnlyList<SearchResult> results, ExactSample exactTrain,
    ExactSample exactQueries)
{
    private readonly int[] _mismatches = [.. results.Select(result
        => exactTrain.Mismatches(result.TrainRows) + exactQueries.Mismatches(result.QueryRows))];

    /// <summary>Whether an engine of the library found other rows than a plain search in double precision.</summary>
    public bool HasWrongAnswers
        => results.Zip(_mismatches).Any(pair => SearchEngines.IsOwn(pair.First.Engine)
        && (pair.Second > 0 || pair.First.Singles.Any(single => single.Mismatches > 0)));

    private double TrainProducts => (double)rows.Train.Count * rows.NonLandmarks.Count * rows.Train.Dimension;

    private double QueryProducts => rows.Queries.Count * SingleProducts;

    private double SingleProducts => (double)rows.Train.Count * rows.Train.Dimension;

    public void Write()
    {
        Console.WriteLine($"Peak of fused multiply-adds in single precision, measured in this run: {peak:F1} G/s.");
        Console.WriteLine($"Peak working set: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB, of which {rows.Bytes >> 20} MB are "
            + "the rows.");
        Console.WriteLine();
        Console.WriteLine("| engine | prepare, s | train, s | query, s | total, s | total over the first | share of the peak, searches | "
            + "places that differ |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach ((SearchResult r, int differ) in results.Zip(_mismatches))
            Console.WriteLine($"| {r.Engine} | {r.Prepare:F2} | {r.Train:F2} | {r.Query:F2} | {r.Total:F2} | "
                + $"{r.Total / results[0].Total:F2} | {Share(TrainProducts + QueryProducts, r.Train + r.Query):P0} | {differ} of "
                + $"{exactTrain.Places + exactQueries.Places} |");
        if (results.Any(r => r.Singles.Count > 0))
            WriteSingles();
    }

    public string ToJson()
    {
        var figures = results.Zip(_mismatches).SelectMany(pair => ((string Stage, double Seconds, double Products, int Mismatches)[])
            [("prepare", pair.First.Prepare, 0, pair.Second),
                ("train", pair.First.Train, TrainProducts, pair.Second),
                ("query", pair.First.Query, QueryProducts, pair.Second),
                ("total", pair.First.Total, TrainProducts + QueryProducts, pair.Second),
                .. pair.First.Singles.Select((single, i)
                => (i == 0 ? "single" : "single_one_thread", single.Seconds, SingleProducts, single.Mismatches))],
            (pair, part)
                => new
                {
                    engine = pair.First.Engine,
                    stage = part.Stage,
                    seconds = part.Seconds,
                    share_of_fp32_peak = Share(part.Products, part.Seconds),
                    mismatches = part.Mismatches
                });
        return JsonSerializer.Serialize(new { processor = Processor.Name, threads = Environment.ProcessorCount, figures });
    }

    // One thread of the library stands against one of the scan; with all cores it has what a user gets.
    private void WriteSingles()
    {
        double? scan = results.FirstOrDefault(r => r.Engine == SearchEngines.Tensors)?.Singles[0].Seconds;
        Console.WriteLine();
        Console.WriteLine($"One query at a time of {rows.Train.Count} rows, when all is compiled: the median of {SingleQuery.Measured}. "
            + $"The library lets its threads share a query; {SearchEngines.Tensors} is a plain scan of the rows in single precision by "
            + "the calling thread.");
        Console.WriteLine();
        Console.WriteLine("| engine | threads | a query, ms | plain scan over it | places that differ from all queries at once |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (SearchResult r in results)
        {
            foreach (SingleQuery single in r.Singles)
                Console.WriteLine($"| {r.Engine} | {single.Threads} | {single.Seconds * 1000:F2} | "
                    + $"{(scan is null ? "not measured" : $"{scan / single.Seconds:F2}")} | {single.Mismatches} of "
                    + $"{SingleQuery.Measured * exactQueries.Neighbors} |");
        }
    }

    private double Share(double products, double seconds) => seconds > 0 ? products / seconds / peak / 1e9 : 0;
}
