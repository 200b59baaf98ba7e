using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Changes that are cut off or refused leave nothing, and whoever asks notices nothing.</summary>
[TestClass]
public sealed class RefusedChangesTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task LoadAsync_CancelledHalfWay_LeavesNothingAndCanBeDoneAgain(int servers)
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(servers);
        KnnLandmarkTransformer model = Fit([.. Rows(new Random(1), 4_000, "first", 0.3)]);
        string schema = SharedServer.NewSchema();
        await PostgresLandmarkIndex.CreateAsync(sources, schema, model);
        foreach (int after in (int[])[1_000, 3_000])
        {
            using var cancel = new CancellationTokenSource();
            var progress = new Told(sent =>
            {
                if (sent == after)
                    cancel.Cancel();
            });
            await Assert.ThrowsAsync<OperationCanceledException>(
                () => PostgresLandmarkIndex.LoadAsync(sources, schema, model, progress, cancel.Token));
            foreach (NpgsqlDataSource source in sources)
            {
                foreach (string table in (string[])["landmark", "non_landmark", "label"])
                    Assert.AreEqual(0L, await AskAsync(source, $"select count(*) from \"{schema}\".{table}"));
            }

            Assert.AreEqual($"The index '{schema}' has no rows yet. Put those of its model there by PostgresLandmarkIndex.LoadAsync.",
                await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync(sources, schema)));
        }

        using PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync(sources, schema, model);

        AssertAnswers(model, index);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task LoadAsync_TwoAtOnce_OneIsToldThatTheIndexHasRows()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        KnnLandmarkTransformer model = Fit([.. Rows(new Random(1), 400, "first", 0.3)]);
        string schema = SharedServer.NewSchema();
        await PostgresLandmarkIndex.CreateAsync([source], schema, model);

        Task<PostgresLandmarkIndex>[] both
            = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => PostgresLandmarkIndex.LoadAsync([source], schema, model)))];
        await Task.WhenAll(both.Select(task => task.ContinueWith(_ => { })));

        Assert.AreEqual($"The index '{schema}' has 400 rows already. Add to them by AddAsync, or load into a schema of another name.",
            await Refusal.OfAsync<InvalidOperationException>(() => both.Single(task => task.IsFaulted)));
        AssertAnswers(model, await both.Single(task => !task.IsFaulted));
    }

    [TestMethod]
    public async Task AddAsync_CancelledAnywhere_IsMadeWholeOrNotAtAll()
    {
        LabeledRow[] rows = [.. Rows(new Random(1), 300, "first", 0.3)];
        using PostgresLandmarkIndex index = await LoadAsync(Fit(rows), await SharedServer.SourcesAsync(2));
        ITransformer shared = Fit(rows).WithIndex(index);
        int cancelled = 0;
        for (int i = 0; i < 24; i++)
        {
            LabeledRow[] added = [.. Rows(new Random(i), 40, $"added{i}-", 0.5)];
            using var cancel = new CancellationTokenSource();
            cancel.CancelAfter(TimeSpan.FromMilliseconds(i * 2));
            try
            {
                await index.AddAsync(shared, View(added), cancellation: cancel.Token);
                rows = [.. rows, .. added];
            }
            catch (OperationCanceledException e)
            {
                Assert.AreEqual(cancel.Token, e.CancellationToken);
                cancelled++;
            }
        }

        Assert.IsGreaterThan(0, cancelled);
        AssertAnswers(Fit(rows), index);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task AddAsync_DiskOfTheServerFull_IsRefusedAndReadersGoOn()
    {
        const int Wide = 500;
        await using PostgresServer server
            = await PostgresServer.StartNewAsync("full", "--memory", "72m", "max_wal_size=32MB", "min_wal_size=32MB");
        await using NpgsqlDataSource source = server.Open();
        LabeledRow[] rows = FeatureView.Random(300, Wide, 1);
        LabeledRow[] added = [.. FeatureView.Random(2_000, Wide, 2).Select((row, i) => new LabeledRow
        {
            Id = $"added{i}",
            Label = row.Label,
            Features = row.Features,
        })];
        IDataView queries = FeatureView.Create(Context, FeatureView.Random(20, Wide, 3), Wide);
        KnnLandmarkTransformer model = Fit(rows);
        using PostgresLandmarkIndex index = await LoadAsync(model, source);
        ITransformer shared = model.WithIndex(index);
        object[][] expected = model.Transform(queries).AllRows();
        string ballast = server.PathOf("data/ballast");
        Fill(ballast);

        (string message, _) = await Refusal.OfServerAsync(() => index.AddAsync(shared, FeatureView.Create(Context, added, Wide)));

        Assert.StartsWith($"A disk of a server of the index '{index.Schema}' is full: could not extend file", message);
        Assert.EndsWith("No space left on device. Nothing was changed. Free some of it, and try again.", message);
        ViewReader.AssertSameRows(expected, shared.Transform(queries).AllRows());
        Assert.IsTrue((await index.CheckAsync()).IsSound);
        File.Delete(ballast);
        await index.AddAsync(shared, FeatureView.Create(Context, added, Wide));
        ViewReader.AssertSameRows(Fit([.. rows, .. added]).Transform(queries).AllRows(), shared.Transform(queries).AllRows());

        KnnLandmarkTransformer Fit(IEnumerable<LabeledRow> some)
            => Context.Transforms.KnnLandmark(Options).Fit(FeatureView.Create(Context, some, Wide));
    }

    [TestMethod]
    public async Task AddAsync_AnIdThatAnotherProgramAddsMeanwhile_IsRefused()
    {
        LabeledRow[] rows = [.. Rows(new Random(1), 40, "first", 0.3)];
        using PostgresLandmarkIndex index = await LoadAsync(Fit(rows));
        ITransformer shared = Fit(rows).WithIndex(index);
        List<string> refused = [];
        for (int i = 0; i < 10; i++)
        {
            Task[] both = [.. Enumerable.Range(0, 2).Select(writer => Task.Run(() => index.AddAsync(
                shared, View([new LabeledRow { Id = $"both{i}", Label = writer, Features = rows[writer].Features }]))))];
            await Task.WhenAll(both.Select(task => task.ContinueWith(_ => { })));
            refused.Add(await Refusal.OfAsync<ArgumentException>(() => both.Single(task => task.IsFaulted)));
        }

        Assert.IsEmpty(refused.Where(message => !message.StartsWith("The model has a row with the id 'both", StringComparison.Ordinal)
            && !message.StartsWith("Another program has added a row with one of the ids", StringComparison.Ordinal)));
        Assert.AreEqual(rows.Count(row => row.Label >= 0) + 10, index.LandmarkRowCount);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task AddAsync_AnotherProgramHoldsTheIndexForLong_SaysSo()
    {
        LabeledRow[] rows = [.. Rows(new Random(1), 40, "first", 0.3)];
        NpgsqlDataSource owner = await SharedServer.Source;
        using PostgresLandmarkIndex index = await LoadAsync(Fit(rows));
        await using NpgsqlDataSource source = (await SharedServer.Server).Open(configure: text => text.Options = "-c lock_timeout=50ms");
        using PostgresLandmarkIndex attached = await PostgresLandmarkIndex.AttachAsync([source], index.Schema);
        await using NpgsqlConnection other = await owner.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await other.ExecuteAsync($"lock table \"{index.Schema}\".non_landmark in share row exclusive mode", CancellationToken.None);

        (string message, _) = await Refusal.OfServerAsync(() => attached.RemoveAsync([rows[0].Id]));

        Assert.AreEqual($"Another program changes the index '{index.Schema}' for longer than the role's lock_timeout: canceling statement "
            + "due to lock timeout. Nothing was changed; try again later.", message);
        AssertAnswers(Fit(rows), attached);
    }

    private static void AssertAnswers(KnnLandmarkTransformer model, PostgresLandmarkIndex index)
    {
        IDataView queries = View([.. Rows(new Random(9), 20, "query", 0.2)]);
        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), model.WithIndex(index).Transform(queries).AllRows());
    }

    private static async Task<long> AskAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // But for a little, without which a server can't even tell that there is no more.
    private static void Fill(string path)
    {
        using FileStream file = File.Create(path);
        byte[] block = new byte[1 << 16];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - (1 << 20)));
        }
    }

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
