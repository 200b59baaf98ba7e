using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Devices;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Adaptive;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Both searches of the method, side by side in one run: training rows against non-landmarks (5 neighbors), and queries against training
/// rows less their penalties (5). Answers are compared with a plain search in double precision, of a sample of the rows.
/// </summary>
internal sealed class SearchBenchmark
{
    private const int Neighbors = 5;

    private readonly SearchSettings _settings;
    private readonly SearchRows _rows;
    private double[]? _penalties;

    private SearchBenchmark(SearchSettings settings, SearchRows rows)
    {
        _settings = settings;
        _rows = rows;
    }

    /// <summary>Penalties of the training rows, the same bits by every engine of the library.</summary>
    private double[] Penalties => _penalties ??= ComputePenalties();

    /// <returns>The exit code: 1 where an engine of the library failed or is not exact, or nothing was measured.</returns>
    /// <exception cref="WrongInputException">The rows can't be had.</exception>
    public static int Run(SearchSettings settings)
    {
        SearchRows rows = SearchRows.Create(settings);
        Console.WriteLine($"{Processor.Name}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; {settings.Rows} rows: "
            + $"{rows.Train.Count} for training, {rows.NonLandmarks.Count} non-landmarks, {rows.Queries.Count} queries, "
            + $"{rows.Train.Dimension} dimensions; {Neighbors} neighbors.");
        double peak = FmaPeak.MeasureGigaProducts();
        var benchmark = new SearchBenchmark(settings, rows);
        List<SearchResult> results = [];
        bool hasFailed = false;
        // The library's own first: they find the penalties that the others need.
        foreach (string name in settings.Engines.OrderByDescending(SearchEngines.IsOwn))
        {
            // Whatever stops one engine, the figures of the others are not lost.
            try
            {
                results.Add(benchmark.Run(name));
            }
            catch (Exception e)
            {
                Console.Error.WriteLine($"{name} is left out: {e.Message}");
                hasFailed |= SearchEngines.IsOwn(name);
            }
        }

        if (results.Count == 0)
            return ExitCodes.Failed;
        // A machine that is not alone is not always as fast.
        peak = Math.Max(peak, FmaPeak.MeasureGigaProducts());
        var report = new SearchReport(rows, peak, results, new ExactSample(rows.Train, rows.NonLandmarks, null, Neighbors),
            new ExactSample(rows.Queries, rows.Train, benchmark.Penalties, Neighbors));
        report.Write();
        if (settings.Json is not null)
            File.WriteAllText(settings.Json, report.ToJson());
        return hasFailed || report.HasWrongAnswers ? ExitCodes.Failed : ExitCodes.Success;
    }

    private SearchResult Run(string name)
        => SearchEngines.IsOwn(name) ? RunEngine(name) : name == SearchEngines.Tensors
        ? RunTensors() : SearchPeer.Run(name, _settings.Python, _rows, Penalties, Neighbors);

    private SearchResult RunEngine(string name)
    {
        bool isTorch = name == SearchEngines.TorchSharp;
        var selection = new EngineSelection(isTorch ? null : name, _settings.Kernel);
        SearchDevice? device = isTorch ? TorchOnCpu() : null;

        long before = GC.GetTotalMemory(forceFullCollection: true);
        (double prepare, INeighborEngine engine) =
            Timed(() => Create("Non-landmarks", _rows.NonLandmarks, null, device, _rows.Train.Count, selection));
        using INeighborEngine nonLandmarks = engine;
        Console.WriteLine($"{name}: {(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)_rows.NonLandmarks.Count:F0} bytes "
            + $"a row beside the row's own {sizeof(float) * _rows.Train.Dimension}");
        (double train, Neighbor[] trainNeighbors) = Timed(() => Search(nonLandmarks, _rows.Train));
        double[] penalties = PenaltiesOf(trainNeighbors);
        _penalties ??= penalties;
        (double prepareTrain, engine) =
            Timed(() => Create("Training rows", _rows.Train, penalties, device, _rows.Queries.Count, selection));
        using INeighborEngine trainRows = engine;
        (double query, Neighbor[] queryNeighbors) = Timed(() => Search(trainRows, _rows.Queries));
        int[] found = RowsOf(queryNeighbors);
        // Torch has threads of its own.
        IEnumerable<int> threads = isTorch ? [Environment.ProcessorCount] : ((int[])[Environment.ProcessorCount, 1]).Distinct();
        return new SearchResult(name, prepare + prepareTrain, train, query, RowsOf(trainNeighbors), found,
            [.. threads.Select(count => SearchSingles(trainRows, count, found))]);
    }

    private SearchResult RunTensors()
    {
        (double train, Neighbor[] trainNeighbors) = Timed(() => TensorScan.Search(_rows.Train, _rows.NonLandmarks, null, Neighbors));
        (double query, Neighbor[] queryNeighbors) = Timed(() => TensorScan.Search(_rows.Queries, _rows.Train, Penalties, Neighbors));
        int[] found = RowsOf(queryNeighbors);
        var best = new Neighbor[Neighbors];
        var single = SingleQuery.Measure(threads: 1, _rows.Queries.Count, Neighbors, found, i =>
        {
            TensorScan.Search(_rows.Queries[i], _rows.Train, Penalties, best);
            return best;
        });
        return new SearchResult(SearchEngines.Tensors, 0, train, query, RowsOf(trainNeighbors), found, [single]);
    }

    private SingleQuery SearchSingles(INeighborEngine engine, int threads, int[] together)
    {
        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var best = new Neighbor[Neighbors];
        return SingleQuery.Measure(threads, _rows.Queries.Count, Neighbors, together, i =>
        {
            engine.Search(_rows.Queries[i].ToArray(), Neighbors, best, parallelism);
            return best;
        });
    }

    private double[] ComputePenalties()
    {
        using INeighborEngine engine =
            Create("Non-landmarks", _rows.NonLandmarks, null, null, _rows.Train.Count, new EngineSelection(null, _settings.Kernel));
        return PenaltiesOf(Search(engine, _rows.Train));
    }

    private INeighborEngine Create(string name, UnitRows gallery, double[]? penalties, SearchDevice? device, int queryCount,
        EngineSelection selection)
        => NeighborEngines.Create(new SearchedRows(name, gallery, penalties, _rows.Train), device, queryCount, new ParallelOptions(),
            Console.WriteLine, selection);

    private static SearchDevice TorchOnCpu()
    {
        try
        {
            // Where this fails TorchSharp says that there is no package, whatever the loader said.
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (DllNotFoundException e)
        {
            throw new PeerFailedException($"libtorch can't be loaded: {CudaLibraries.LoaderWords(e) ?? e.Message}", e);
        }

        return new SearchDevice("the CPU", (gallery, minus, cpuEngine) => new TorchNeighborEngine(gallery, minus, cpuEngine, torch.CPU));
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

    private static double[] PenaltiesOf(Neighbor[] trainNeighbors)
        => [.. trainNeighbors.Select(found => new NonLandmarkNeighbor(found.Row, found.Score)).Chunk(Neighbors)
            .Select(nearest => Penalty.Mean(nearest))];

    private static int[] RowsOf(Neighbor[] neighbors) => [.. neighbors.Select(neighbor => neighbor.Row)];
}
