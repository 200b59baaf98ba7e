using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Landmarks.PostgreSql;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;
using static Microsoft.ML.Landmarks.Benchmarks.Target;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>Measures rows in PostgreSQL, and prints each figure as soon as it is known. All that is found is compared with what a model
/// finds that has its rows in memory.</summary>
internal sealed class PostgresBenchmark
{
    // One scan for each takes so long that few say enough.
    private const int MostAskedAlone = 16;

    // A model in memory counts queries before it prepares what makes it fast.
    private const int MostWarmUps = 20;

    private static readonly int[] s_serverCounts = [1, 2, 4];

    private readonly PostgresBenchmarkSettings _settings;
    private readonly SearchRows _rows;
    private readonly CancellationToken _cancellation;
    private readonly List<MeasuredServer> _servers = [];
    private int _found, _different;

    private PostgresBenchmark(PostgresBenchmarkSettings settings, CancellationToken cancellation)
        => (_settings, _rows, _cancellation) = (settings, SearchRows.Create(settings.Made), cancellation);

    /// <param name="settings">What is measured.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code: 1 where anything that was found differs.</returns>
    /// <exception cref="WrongInputException">Memory does not suffice for the rows.</exception>
    public static Task<int> RunAsync(PostgresBenchmarkSettings settings, CancellationToken cancellation)
        => new PostgresBenchmark(settings, cancellation).RunAsync();

    private async Task<int> RunAsync()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Processor.Name}, {Environment.ProcessorCount} cores, .NET ")
            + string.Create(CultureInfo.InvariantCulture, $"{Environment.Version}; {_settings.Rows} rows: {_settings.Train} searched, ")
            + string.Create(CultureInfo.InvariantCulture, $"{_settings.Loaded} loaded, {_settings.NonLandmarks} non-landmarks, ")
            + string.Create(CultureInfo.InvariantCulture, $"{_settings.Dimension} dimensions; {_settings.Queries} queries, ")
            + string.Create(CultureInfo.InvariantCulture, $"{_settings.Batch} at once; best of {_settings.Passes}."));
        Console.WriteLine();
        Console.WriteLine("| what | measured | against | share | target |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        try
        {
            for (int server = 1; server <= s_serverCounts[^1]; server++)
                _servers.Add(await MeasuredServer.StartAsync($"benchmark{Environment.ProcessId}-{server}"));
            await MeasureSearchAsync();
            await MeasureLoadAsync();
        }
        finally
        {
            foreach (MeasuredServer server in _servers)
                await server.DisposeAsync();
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_found} neighbors found on servers, {_different} of them other than those in memory."));
        return _different == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private async Task MeasureSearchAsync()
    {
        using KnnLandmarkTransformer model = LabeledRows.Fit(LabeledRows.View(_rows, 0, _settings.Train, 0, _settings.NonLandmarks));
        UnitRows queries = _rows.Queries, alone = queries.Take([.. Enumerable.Range(0, Math.Min(MostAskedAlone, queries.Count))]);
        LandmarkNeighbor[][] expected = await WarmUpAsync(model.RowsInMemory);
        List<Searched> asked = [];
        foreach (int count in s_serverCounts)
            asked.Add(new Searched([.. _servers.Take(count)], await LoadAsync($"on {count}", model, count)));
        foreach (MeasuredServer server in _servers)
            await server.SettleAsync();
        List<DatabaseCost> memory = [], memoryAlone = [], eachAlone = [];
        long proposed = 0;
        for (int pass = 0; pass <= _settings.Passes; pass++)
        {
            memory.Add(await DatabaseCost.MeasureAsync(() => NearestLandmarks.FindAsync(model.RowsInMemory, queries, _settings.Batch)));
            memoryAlone.Add(await DatabaseCost.MeasureAsync(() => NearestLandmarks.FindAsync(model.RowsInMemory, alone, batch: 1)));
            await _servers[0].CountProposedRowsAsync();
            foreach (Searched searched in asked)
            {
                searched.Costs.Add(await DatabaseCost.MeasureAsync(async () => Compare(expected,
                    await NearestLandmarks.FindAsync(searched.Index, queries, _settings.Batch)), searched.Servers));
                if (searched.Servers.Length == 1)
                    proposed = await _servers[0].CountProposedRowsAsync();
            }

            eachAlone.Add(await DatabaseCost.MeasureAsync(async () => Compare(expected,
                await NearestLandmarks.FindAsync(asked[0].Index, alone, batch: 1)), _servers[0]));
            // The first reads what is not in memory yet, and compiles.
            if (pass == 0)
            {
                foreach (List<DatabaseCost> costs in asked.Select(one => one.Costs).Concat([memory, memoryAlone, eachAlone]))
                    costs.Clear();
            }
        }

        DatabaseCost best = asked[0].Best;
        double together = 1000 * best.Busiest / queries.Count, each = 1000 * eachAlone.Min(cost => cost.Busiest) / alone.Count;
        Write("server's processor time, ms a query, one scan for all, against one scan a query", together, each, AtMost(0.25));
        Write("the same, against processor time in memory", together, 1000 * memory.Min(cost => cost.Client) / queries.Count, AtMost(40));
        Write("one scan a query, against one query alone in memory", each, 1000 * memoryAlone.Min(cost => cost.Client) / alone.Count);
        Write("this program's, ms a query, one scan for all, against processor time in memory", 1000 * best.Client / queries.Count,
            1000 * memory.Min(cost => cost.Client) / queries.Count);
        Write("rows that come back, a query, against neighbors", (double)proposed / queries.Count, NearestLandmarks.Count, AtMost(1.1));
        foreach ((Searched searched, double share) in asked.Skip(1).Zip((double[])[0.62, 0.38]))
        {
            Write($"the busiest of {searched.Servers.Length} servers, ms a query, against one server",
                1000 * searched.Best.Busiest / queries.Count, together, AtMost(share));
            Write($"all {searched.Servers.Length} servers, ms a query, against one server",
                1000 * searched.Best.Servers.Sum() / queries.Count, together);
        }

        foreach (Searched searched in asked)
            await DropAsync(searched.Index.Schema, searched.Servers.Length);
    }

    private async Task MeasureLoadAsync()
    {
        using KnnLandmarkTransformer model = LabeledRows.Fit(LabeledRows.View(_rows, 0, _settings.Loaded, 0, _settings.NonLandmarks));
        const string Raw = "raw", Loaded = "loaded";
        MeasuredServer server = _servers[0];
        var rows = new IndexRows(model);
        List<DatabaseCost> raw = [], loaded = [];
        PostgresLandmarkIndex index = null!;
        for (int pass = 0; pass <= _settings.Passes; pass++)
        {
            if (pass > 0)
                await DropAsync(Loaded, 1);
            await PostgresLandmarkIndex.CreateAsync([server.Source], Raw, model, cancellation: _cancellation);
            await server.RunAsync("checkpoint");
            raw.Add(await DatabaseCost.MeasureAsync(() => RawCopy.LoadAsync(server.Source, Raw, rows), server));
            await PostgresLandmarkIndex.CreateAsync([server.Source], Loaded, model, cancellation: _cancellation);
            await server.RunAsync("checkpoint");
            loaded.Add(await DatabaseCost.MeasureAsync(async () => index = await PostgresLandmarkIndex.LoadAsync(
                [server.Source], Loaded, model, cancellation: _cancellation), server));
            await CompareLoadedAsync(Raw, Loaded, rows);
            await DropAsync(Raw, 1);
        }

        // The first one compiles.
        (raw, loaded) = (raw[1..], loaded[1..]);
        int count = _settings.Loaded + _settings.NonLandmarks;
        Write("rows loaded a second, against a raw COPY", count / loaded.Min(cost => cost.Seconds), count / raw.Min(cost => cost.Seconds),
            AtLeast(0.75), decimals: 0);
        Write("rows loaded a second of processor time, of server and program", count / loaded.Min(cost => cost.Processor),
            count / raw.Min(cost => cost.Processor), AtLeast(0.75), decimals: 0);
        Write("processor time of the server for that, seconds", loaded.Min(cost => cost.Busiest), raw.Min(cost => cost.Busiest));
        Write("processor time of this program, seconds", loaded.Min(cost => cost.Client), raw.Min(cost => cost.Client));
        await server.SettleAsync();
        await MeasureAddingAsync(model, index);
    }

    private async Task MeasureAddingAsync(KnnLandmarkTransformer model, PostgresLandmarkIndex index)
    {
        int first = _settings.Loaded, added = _settings.Added;
        MeasuredServer server = _servers[0];
        using KnnLandmarkTransformer after = model.With(LabeledRows.View(_rows, first, first + _settings.AddedInAll, 0, 0));
        // A search that waited for a lock would fail.
        await using MeasuredConnection reading = await server.ConnectAsync("-c lock_timeout=1ms"), writing = await server.ConnectAsync();
        using PostgresLandmarkIndex read = await PostgresLandmarkIndex.AttachAsync([reading.Source], index.Schema, _cancellation),
            written = await PostgresLandmarkIndex.AttachAsync([writing.Source], index.Schema, _cancellation);
        ITransformer rowless = model.WithIndex(written);
        var searches = new GrowingSearches(reading, read, _rows.Queries,
            await NearestLandmarks.FindAsync(after.RowsInMemory, _rows.Queries, _settings.Batch, NearestLandmarks.Count
                + _settings.AddedInAll), _settings.Loaded);
        await searches.RunAsync(Task.Delay(TimeSpan.FromSeconds(1), _cancellation), () => 0);
        SearchTimes before = await searches.RunAsync(Task.Delay(TimeSpan.FromSeconds(3), _cancellation), () => 0);
        int there = 0;
        (double used, _) = writing.Used;
        long start = Stopwatch.GetTimestamp();
        Task adding = Task.Run(async () =>
        {
            while (there < added)
            {
                await written.AddAsync(rowless, Added(there, 1), cancellation: _cancellation);
                Interlocked.Increment(ref there);
            }
        }, _cancellation);
        SearchTimes meanwhile = await searches.RunAsync(adding, () => Volatile.Read(ref there));
        await adding;
        double clock = Stopwatch.GetElapsedTime(start).TotalSeconds / added, alone = (writing.Used.Processor - used) / added;
        List<DatabaseCost> together = [];
        for (int pass = 0; pass < _settings.Passes; pass++)
        {
            IDataView rows = Added(there, added);
            together.Add(await DatabaseCost.MeasureAsync(() => written.AddAsync(rowless, rows, cancellation: _cancellation), server));
            there += added;
        }

        var milliseconds = AtMost(10);
        WriteFigure($"ms a landmark, of {added} that are added at once, on the clock",
            1000 * together.Min(cost => cost.Seconds) / added, milliseconds);
        WriteFigure("the same, processor time of the server", 1000 * together.Min(cost => cost.Busiest) / added, milliseconds);
        WriteFigure("the same, processor time of this program", 1000 * together.Min(cost => cost.Client) / added);
        WriteFigure("ms a landmark, of those that are added one after the other beside a search, on the clock", 1000 * clock);
        WriteFigure("the same, processor time of the server", 1000 * alone);
        Write("a search's processor time on the server, ms, while rows are added, against no writer", 1000 * meanwhile.Processor,
            1000 * before.Processor, AtMost(1.1));
        Write("a search on the clock but for waits for a core, ms", 1000 * meanwhile.Seconds, 1000 * before.Seconds);
        _found += searches.Found;
        _different += searches.Different;
        // The new rows themselves are asked, so that each penalty counts.
        UnitRows newRows = _rows.Train.Take([.. Enumerable.Range(first, _settings.AddedInAll)]);
        foreach (UnitRows queries in (UnitRows[])[_rows.Queries, newRows])
        {
            Compare(await NearestLandmarks.FindAsync(after.RowsInMemory, queries, _settings.Batch),
                await NearestLandmarks.FindAsync(index, queries, _settings.Batch));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{meanwhile.Count} searches while {added} rows were added one ")
            + "after the other; one that waited 1 ms for a lock would have failed.");

        IDataView Added(int from, int count) => LabeledRows.View(_rows, first + from, first + from + count, 0, 0);
    }

    // Until the model is as fast as it gets.
    private async Task<LandmarkNeighbor[][]> WarmUpAsync(MemoryLandmarkIndex index)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; ; i++)
        {
            LandmarkNeighbor[][] found = [];
            DatabaseCost cost = await DatabaseCost.MeasureAsync(
                async () => found = await NearestLandmarks.FindAsync(index, _rows.Queries, _settings.Batch));
            if (i == MostWarmUps || (i > 2 && cost.Client > 0.9 * best))
                return found;
            best = Math.Min(best, cost.Client);
        }
    }

    private async Task<PostgresLandmarkIndex> LoadAsync(string schema, KnnLandmarkTransformer model, int count)
    {
        NpgsqlDataSource[] sources = [.. _servers.Take(count).Select(server => server.Source)];
        await PostgresLandmarkIndex.CreateAsync(sources, schema, model, cancellation: _cancellation);
        return await PostgresLandmarkIndex.LoadAsync(sources, schema, model, cancellation: _cancellation);
    }

    private async Task DropAsync(string schema, int count)
    {
        foreach (MeasuredServer server in _servers.Take(count))
            await server.RunAsync($"drop schema \"{schema}\" cascade");
    }

    // Both ways must have sent the same rows.
    private async Task CompareLoadedAsync(string raw, string loaded, IndexRows rows)
    {
        foreach ((string table, string columns, int count) in ((string, string, int)[])[
            ("landmark", "id, landmark, penalty, near, near_row, v", rows.Gallery.Landmarks.Count),
            ("non_landmark", "id, v", rows.Gallery.NonLandmarks.Count)])
        {
            await using NpgsqlCommand command = _servers[0].Source.CreateCommand($"""
                select count(*) from (select row, {columns} from "{raw}".{table}) a join (select row, {columns} from "{loaded}".{table}) b
                on a = b
                """);
            command.CommandTimeout = 0;
            if ((long)(await command.ExecuteScalarAsync(_cancellation))! != count)
                throw new InvalidOperationException($"The table {table} differs between a raw COPY and what the package has loaded.");
        }
    }

    private void Compare(LandmarkNeighbor[][] expected, LandmarkNeighbor[][] found)
    {
        for (int query = 0; query < found.Length; query++)
        {
            _found += found[query].Length;
            _different += expected[query].Zip(found[query]).Count(pair => pair.First != pair.Second);
        }
    }

    private static void Write(string what, double measured, double against, Target? target = null, int decimals = 2)
        => WriteLine(what, Text(measured, decimals), Text(against, decimals), Text(measured / against, 3),
            target?.Of(measured / against));

    private static void WriteFigure(string what, double measured, Target? target = null)
        => WriteLine(what, Text(measured, 2), "", "", target?.Of(measured));

    private static void WriteLine(string what, string measured, string against, string share, string? target)
        => Console.WriteLine($"| {what} | {measured} | {against} | {share} | {target} |");

    private static string Text(double value, int decimals)
        => value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture);

    // An index on some servers, and what its searches took.
    private sealed record Searched(MeasuredServer[] Servers, PostgresLandmarkIndex Index)
    {
        public List<DatabaseCost> Costs { get; } = [];

        public DatabaseCost Best => Costs.MinBy(cost => cost.Busiest)!;
    }
}
