using System.Globalization;
using static Microsoft.ML.Landmarks.Benchmarks.Target;

namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>Measures <c>landmarks serve</c>, and prints each figure as soon as it is known.</summary>
internal sealed class ServeBenchmark
{
    private const int PartBefore = 10;

    private readonly ServeBenchmarkSettings _settings;
    private readonly CancellationToken _cancellation;
    private LoadGenerator _load = null!;

    private ServeBenchmark(ServeBenchmarkSettings settings, CancellationToken cancellation)
        => (_settings, _cancellation) = (settings, cancellation);

    /// <param name="settings">What is measured.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code: 1 where an answer differs, time did not suffice, or a program failed.</returns>
    public static async Task<int> RunAsync(ServeBenchmarkSettings settings, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Limit);
        try
        {
            return await new ServeBenchmark(settings, limit.Token).RunAsync();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Console.WriteLine();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ended after {settings.Limit.TotalMinutes} minutes; the rest ")
                + "was not measured. Give it more by --minutes, or less to do by --requests and --reloads.");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is PeerFailedException or HttpRequestException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private async Task<int> RunAsync()
    {
        Console.WriteLine($"{Processor.Name}, {Environment.ProcessorCount} cores, .NET {Environment.Version}; "
            + $"{_settings.Photos.Length} photographs, {_settings.Clients} clients, best of {_settings.Passes}.");
        Console.WriteLine();
        _load = new LoadGenerator(_settings.Photos, (await PredictAsync(_settings.Photos)).Lines);
        Console.WriteLine("| what | serve | against | share | target |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        if (_settings.Parts.Contains(ServedPart.Speed))
            await MeasureSpeedAsync();
        if (_settings.Parts.Contains(ServedPart.Requests))
            await MeasureRequestsAsync();
        if (_settings.Parts.Contains(ServedPart.Reloads))
            await MeasureReloadsAsync();
        Console.WriteLine();
        Console.WriteLine($"{_load.Answers} answers, {_load.Wrong.Count} of them other than those of predict.");
        foreach (string wrong in _load.Wrong.Take(PartBefore))
            Console.WriteLine(wrong);
        return _load.Wrong.IsEmpty ? ExitCodes.Success : ExitCodes.Failed;
    }

    private async Task MeasureSpeedAsync()
    {
        List<Cost> predict = [], many = [], single = [], one = [];
        Peer[] peers = [.. Peers()];
        await using ServedLandmarks served = await ServedLandmarks.StartAsync(_settings.Model, _cancellation);
        // What the first ones compile is no part of it.
        await _load.AskAsync(served, _settings.Clients, 2 * _settings.Clients, meanwhile: null, _cancellation);
        for (int pass = 0; pass < _settings.Passes; pass++)
        {
            predict.Add(await MeasurePredictAsync());
            many.Add(await _load.AskAsync(served, _settings.Clients, _settings.Photos.Length, meanwhile: null, _cancellation));
            foreach (Peer peer in peers)
                peer.Costs.Add(await MeasurePeerAsync(peer, _settings.Clients));
            one.Add(await _load.AskAsync(served, clients: 1, _settings.Photos.Length, meanwhile: null, _cancellation));
            single.Add(await MeasurePeerAsync(new Peer(ServingPeer.Single, "a recognizer", _settings.Model, null, null), clients: 1));
        }

        Cost best = many.MaxBy(cost => cost.Throughput)!, alone = one.MinBy(cost => cost.P99)!;
        WriteThroughput("predict, without its start", many, predict, AtLeast(0.95));
        foreach (Peer peer in peers)
        {
            WriteThroughput(peer.Name, many, peer.Costs, peer.Throughput);
            WriteMemory($"peak memory, MB, against {peer.Name}", many.Max(cost => cost.PeakMemory),
                peer.Costs.Min(cost => cost.PeakMemory), peer.Memory);
        }

        Write("p99 at 1 client, ms, against that of a recognizer for the same photographs", 1000 * alone.P99,
            1000 * single.Min(cost => cost.P99), AtMost(1.3));
        Write("p99 at 1 client, ms, against the mean of a recognizer, for photographs of all sizes", 1000 * alone.P99,
            1000 * single.Min(cost => cost.MeanLatency), AtMost(1.3));
        Write("mean at 1 client, ms, against that of a recognizer", 1000 * one.Min(cost => cost.MeanLatency),
            1000 * single.Min(cost => cost.MeanLatency));
        double turn = _settings.Clients / best.Throughput;
        Write($"p99 at {_settings.Clients} clients, ms, against clients / throughput", 1000 * best.P99, 1000 * turn, AtMost(2));
    }

    private IEnumerable<Peer> Peers()
    {
        foreach (int engines in _settings.Engines)
        {
            yield return new Peer(ServingPeer.Engines, $"{engines} prediction engines", _settings.Model, AtLeast(1), AtMost(0.5), engines);
            if (_settings.Network is { } file)
                yield return new Peer(ServingPeer.StockEngines, $"{engines} engines of ML.NET's own steps", file, null, null, engines);
        }

        yield return new Peer(ServingPeer.Transform, "a Transform a request", _settings.Model, AtLeast(2), AtMost(0.125));
        if (_settings.Network is { } network)
            yield return new Peer(ServingPeer.StockTransform, "a Transform of ML.NET's own steps", network, AtLeast(2), AtMost(0.125));
    }

    private async Task MeasureRequestsAsync()
    {
        await using ServedLandmarks served = await ServedLandmarks.StartAsync(_settings.Model, _cancellation);
        int before = Math.Max(_settings.Requests / PartBefore, 1);
        await _load.AskAsync(served, _settings.Clients, before, meanwhile: null, _cancellation);
        long first = await served.MemoryAtRestAsync(_cancellation);
        await _load.AskAsync(served, _settings.Clients, _settings.Requests - before, meanwhile: null, _cancellation);
        WriteMemory($"memory after {_settings.Requests} requests, MB, against {before}", await served.MemoryAtRestAsync(_cancellation),
            first, AtMost(1.05));
    }

    private async Task MeasureReloadsAsync()
    {
        await using ServedLandmarks served = await ServedLandmarks.StartAsync(_settings.Model, _cancellation);
        int before = Math.Max(_settings.Reloads / PartBefore, 1), requestsBefore = Math.Max(_settings.Requests / PartBefore, 1);
        int clients = 2 * _settings.Clients, answers = _load.Answers, wrong = _load.Wrong.Count;
        await _load.AskAsync(served, clients, requestsBefore, served.ReloadAsync(before, _cancellation), _cancellation);
        long first = await served.MemoryAtRestAsync(_cancellation);
        await _load.AskAsync(served, clients, _settings.Requests - requestsBefore,
            served.ReloadAsync(_settings.Reloads - before, _cancellation), _cancellation);
        WriteMemory($"memory after {_settings.Reloads} reloads, MB, against {before}", await served.MemoryAtRestAsync(_cancellation), first,
            AtMost(1.05));
        answers = _load.Answers - answers;
        Write($"answers at {clients} clients during the reloads, the same as those of predict", answers - (_load.Wrong.Count - wrong),
            answers, AtLeast(1));
    }

    private Task<MeasuredRun> PredictAsync(string[] photos) => MeasuredProcess.RunAsync(
        [ServedLandmarks.Program, "predict", "--model", _settings.Model, "--format", "json", .. photos], _cancellation);

    // Starting and loading the model is what one photograph takes.
    private async Task<Cost> MeasurePredictAsync()
    {
        MeasuredRun all = await PredictAsync(_settings.Photos), one = await PredictAsync(_settings.Photos[..1]);
        return new Cost(_settings.Photos.Length - 1, all.Seconds - one.Seconds, all.Processor - one.Processor, 0, []);
    }

    private Task<Cost> MeasurePeerAsync(Peer peer, int clients)
        => ServingPeers.MeasureAsync(peer.Kind, peer.File, _settings.Photos, clients, peer.Engines, _cancellation);

    private static void WriteThroughput(string what, List<Cost> served, List<Cost> others, Target? target)
    {
        Write($"photographs a second, against {what}", served.Max(cost => cost.Throughput), others.Max(cost => cost.Throughput), target);
        Write($"photographs a second of processor time, against {what}", served.Max(cost => cost.PerProcessor),
            others.Max(cost => cost.PerProcessor), target);
    }

    private static void WriteMemory(string what, long served, long other, Target? target)
        => Write(what, served / 1e6, other / 1e6, target);

    private static void Write(string what, double served, double other, Target? target = null)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {served:F1} | {other:F1} | {served / other:F3} | {target?.Of(served / other)} |"));

    private sealed record Peer(ServingPeer Kind, string Name, string File, Target? Throughput, Target? Memory, int Engines = 1)
    {
        public List<Cost> Costs { get; } = [];
    }
}
