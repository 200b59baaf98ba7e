using System.Diagnostics;
using Microsoft.ML.Landmarks.Tests;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Servers and connections that are lost: reads go on by themselves, and a change is made or not, and never in part.</summary>
[TestClass]
public sealed class LostServerTests
{
    [TestMethod]
    public async Task Search_ServerStoppedAndStartedUnderLoad_GoesOnByItself()
    {
        PostgresServer server = await PostgresServer.StartNewAsync("stopped");
        try
        {
            await using NpgsqlDataSource source = server.Open();
            KnnLandmarkTransformer model = Model();
            using PostgresLandmarkIndex index = await LoadAsync(model, source);
            await using (var readers = new Readers(model, index, 3))
            {
                await readers.ReadMoreAsync();

                await server.DisposeAsync();
                server = await PostgresServer.StartAsync("stopped");
                await readers.ReadMoreAsync();

                // Gone without a word to anybody, and every connection of the pool with it.
                Process.GetProcessById(server.ProcessId).Kill();
                await server.DisposeAsync();
                server = await PostgresServer.StartAsync("stopped");
                await readers.ReadMoreAsync();
            }

            await index.AddAsync(model.WithIndex(index), View([.. Rows(new Random(2), 3, "new", 0)]));
            using PostgresLandmarkIndex attached = await PostgresLandmarkIndex.AttachAsync([source], index.Schema);
            Assert.AreEqual(index.LandmarkRowCount, attached.LandmarkRowCount);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task SearchAndAdd_BackendsTerminated_GoOnByThemselves()
    {
        NpgsqlDataSource owner = await SharedServer.Source;
        await using NpgsqlDataSource source
            = (await SharedServer.Server).Open(configure: text => text.ApplicationName = nameof(LostServerTests));
        KnnLandmarkTransformer model = Model();
        using PostgresLandmarkIndex index = await LoadAsync(model, source);
        await using (var readers = new Readers(model, index, 2))
        {
            for (int i = 0; i < 5; i++)
            {
                await readers.ReadMoreAsync();
                await TerminateAsync(owner, nameof(LostServerTests));
            }

            await readers.ReadMoreAsync();
        }

        await TerminateAsync(owner, nameof(LostServerTests));
        await index.AddAsync(model.WithIndex(index), View([.. Rows(new Random(2), 3, "new", 0)]));
        await TerminateAsync(owner, nameof(LostServerTests));
        Assert.IsTrue((await index.CheckAsync()).IsSound);
        Assert.AreEqual(model.LandmarkRowCount + 3, index.LandmarkRowCount);
    }

    [TestMethod]
    public async Task Search_ServerThatIsGone_SaysSoAndThatItMayBeTriedAgain()
    {
        PostgresServer server = await PostgresServer.StartNewAsync("gone");
        KnnLandmarkTransformer model = Model();
        await using NpgsqlDataSource source = server.Open();
        using PostgresLandmarkIndex index = await LoadAsync(model, source);
        await server.DisposeAsync();

        (string message, bool isTransient) = await Refusal.OfServerAsync(() => Ask(index));

        Assert.AreEqual($"A server of the index '{index.Schema}' can't be reached, or broke off the connection. Look whether it runs, and "
            + "how the data source reaches it.", message);
        Assert.IsTrue(isTransient);
    }

    [TestMethod]
    public async Task Search_AllConnectionsOfThePoolAtWork_SaysWhatToRaise()
    {
        await using NpgsqlDataSource source
            = (await SharedServer.Server).Open(configure: text => (text.MaxPoolSize, text.Timeout) = (1, 1));
        using PostgresLandmarkIndex index = await LoadAsync(Model(), source);
        await using (await source.OpenConnectionAsync())
        {
            (string message, _) = await Refusal.OfServerAsync(() => Ask(index));
            Assert.AreEqual($"A server of the index '{index.Schema}' did not answer within the data source's Timeout or Command Timeout, "
                + "or all connections of its pool were at work for so long. Raise these or Maximum Pool Size, or ask fewer photographs at "
                + "once.", message);
        }

        await Ask(index);
    }

    [TestMethod]
    public async Task Search_TimeLimits_AreSaidAndNothingGoesOn()
    {
        NpgsqlDataSource owner = await SharedServer.Source;
        string schema = SharedServer.NewSchema();
        await PostgresServer.RunAsync(owner, "create role hurried login; alter role hurried set statement_timeout = '100ms'");
        await PostgresLandmarkIndex.CreateAsync([owner], schema, Model(), new LandmarkIndexRoles { Readers = ["hurried"] });
        await PostgresLandmarkIndex.LoadAsync([owner], schema, Model());
        await using NpgsqlDataSource hurried = (await SharedServer.Server).Open("hurried");
        await using NpgsqlDataSource patient
            = (await SharedServer.Server).Open(configure: text => (text.CommandTimeout, text.ApplicationName) = (1, "patient"));
        using PostgresLandmarkIndex ofHurried = await PostgresLandmarkIndex.AttachAsync([hurried], schema);
        using PostgresLandmarkIndex ofPatient = await PostgresLandmarkIndex.AttachAsync([patient], schema);
        using var cancel = new CancellationTokenSource();

        await using (NpgsqlConnection other = await owner.OpenConnectionAsync())
        await using (NpgsqlTransaction transaction = await other.BeginTransactionAsync())
        {
            await other.ExecuteAsync($"lock table \"{schema}\".landmark in access exclusive mode", CancellationToken.None);
            (string ended, bool endedIsTransient) = await Refusal.OfServerAsync(() => Ask(ofHurried));
            Assert.AreEqual($"A server of the index '{schema}' ended a statement: canceling statement due to statement timeout. Where that "
                + "was the role's statement_timeout, raise it, or ask fewer photographs at once. Nothing was changed.", ended);
            Assert.IsFalse(endedIsTransient);
            Assert.StartsWith($"A server of the index '{schema}' did not answer within the data source's Timeout or Command Timeout",
                (await Refusal.OfServerAsync(() => Ask(ofPatient))).Message);

            Task cancelled = Ask(ofPatient, cancel.Token);
            await WaitForAsync(owner, "application_name = 'patient' and wait_event_type = 'Lock'");
            await cancel.CancelAsync();
            OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
            Assert.AreEqual(cancel.Token, error.CancellationToken);
        }

        await WaitForAsync(owner, "not exists (select from pg_stat_activity where application_name = 'patient' and state = 'active')");
        await Ask(ofHurried);
        await Ask(ofPatient);
    }

    private static KnnLandmarkTransformer Model() => Fit([.. Rows(new Random(1), 40, "first", 0.3)]);

    private static Task Ask(PostgresLandmarkIndex index, CancellationToken cancellation = default)
        => Asking.SearchAsync(index, cancellation);

    private static async Task TerminateAsync(NpgsqlDataSource owner, string name) => await PostgresServer.RunAsync(
        owner, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = '{name}'");

    private static async Task WaitForAsync(NpgsqlDataSource owner, string condition)
    {
        await using NpgsqlCommand command = owner.CreateCommand($"select count(*) from pg_stat_activity where {condition}");
        while ((long)(await command.ExecuteScalarAsync())! == 0)
            await Task.Delay(10);
    }

    // They ask until they are disposed, and every answer is that of the model.
    private sealed class Readers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly int[] _counts;
        private readonly Task[] _tasks;

        public Readers(KnnLandmarkTransformer model, PostgresLandmarkIndex index, int count)
        {
            IDataView queries = View([.. Rows(new Random(9), 8, "query", 0)]);
            object[][] expected = model.Transform(queries).AllRows();
            ITransformer shared = model.WithIndex(index);
            _counts = new int[count];
            _tasks = [.. Enumerable.Range(0, count).Select(reader => Task.Run(() =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    ViewReader.AssertSameRows(expected, shared.Transform(queries).AllRows());
                    Interlocked.Increment(ref _counts[reader]);
                }
            }))];
        }

        public async Task ReadMoreAsync()
        {
            int[] before = [.. _counts];
            while (Enumerable.Range(0, before.Length).Any(reader => Volatile.Read(ref _counts[reader]) < before[reader] + 2))
            {
                if (_tasks.FirstOrDefault(task => task.IsCompleted) is { } ended)
                    await ended;
                await Task.Delay(5);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_tasks);
            _stop.Dispose();
        }
    }
}
