using System.Text.RegularExpressions;
using Microsoft.ML.Landmarks.Tests;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>An index on several servers, and what another program has done to one.</summary>
[TestClass]
public sealed class ServersTests
{
    private static readonly KnnLandmarkTransformer s_model = Fit([.. Rows(new Random(1), 120, "first", 0.3)]);

    // Rows that were loaded by an earlier version are found where they are. By Python, as LandmarkShardTests says; of a number, the hash is
    // that of its 8 bytes, the lowest first.
    [TestMethod]
    [DataRow("a", 0, 1, 0)]
    [DataRow("a", 0, 2, 0)]
    [DataRow("a", 0, 3, 1)]
    [DataRow("foobar", 0, 7, 4)]
    [DataRow("塔", 0, 1000, 894)]
    [DataRow(null, 0, 7, 6)]
    [DataRow(null, 5, 3, 2)]
    [DataRow(null, 5, 1000, 780)]
    [DataRow(null, 123_456_789_012, 1000, 370)]
    public void Of_Row_IsTheServerThatAnotherProgramSays(string? id, long row, int count, int server)
        => Assert.AreEqual(server, Servers.Of(id, row, count));

    [TestMethod]
    public async Task AttachAsync_ServersMissingTwiceOrOfOtherModels_AreRefused()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(3);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        string schema = index.Schema;

        string missing = await RefuseAsync(sources[0], sources[2]);
        string twice = await RefuseAsync(sources[0], sources[1], sources[1]);
        string tooMany = await RefuseAsync(sources[0], sources[1], sources[2], sources[2]);
        using PostgresLandmarkIndex anyOrder = await PostgresLandmarkIndex.AttachAsync([sources[2], sources[0], sources[1]], schema);
        await PostgresServer.RunAsync(sources[1], $"update \"{schema}\".landmark_index set identity = gen_random_uuid()");
        string other = await RefuseAsync(sources);

        const string End = " from 0 on. Give a data source of each.";
        string start = $"The index '{schema}' is on 3 servers, which are all needed, each once; given were numbers ";
        Assert.AreEqual($"{start}0, 2{End}", missing);
        Assert.AreEqual($"{start}0, 1, 1{End}", twice);
        Assert.AreEqual($"{start}0, 1, 2, 2{End}", tooMany);
        Assert.AreEqual(s_model.LandmarkRowCount, anyOrder.LandmarkRowCount);
        Assert.AreEqual($"The servers have indexes '{schema}' of different models, or some are not loaded. Load the model into all of "
            + "them.", other);

        Task<string> RefuseAsync(params NpgsqlDataSource[] some)
            => Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync(some, schema));
    }

    [TestMethod]
    public async Task GetStateAsync_SeveralServers_IsThatOfAllOfThem()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        string schema = SharedServer.NewSchema(), ofOne = SharedServer.NewSchema();

        Assert.AreEqual(LandmarkIndexState.Missing, await PostgresLandmarkIndex.GetStateAsync(sources, schema));
        await PostgresLandmarkIndex.CreateAsync(sources, schema, s_model);
        Assert.AreEqual(LandmarkIndexState.Empty, await PostgresLandmarkIndex.GetStateAsync(sources, schema));
        (await PostgresLandmarkIndex.LoadAsync(sources, schema, s_model)).Dispose();
        Assert.AreEqual(LandmarkIndexState.Loaded, await PostgresLandmarkIndex.GetStateAsync([sources[1], sources[0]], schema));
        await PostgresLandmarkIndex.CreateAsync([sources[1]], ofOne, s_model);
        Assert.StartsWith($"The database has no index '{ofOne}'.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.GetStateAsync(sources, ofOne)));
    }

    [TestMethod]
    public async Task Search_AChangeCutOffBetweenTwoServers_SaysThatTheyDiffer()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        ITransformer shared = s_model.WithIndex(index);
        // The second server refuses when it is to commit, as one does whose disk fills up between.
        await PostgresServer.RunAsync(sources[1], $"""
            create function "{index.Schema}".refuse() returns trigger language plpgsql as
              $$ begin raise exception 'not today'; end $$;
            create constraint trigger refuse after update on "{index.Schema}".landmark_index deferrable initially deferred
              for each row execute function "{index.Schema}".refuse()
            """);

        string change = await Refusal.OfAsync<InvalidOperationException>(() => index.RemoveAsync(["first1", "first2"]));
        string search = await Refusal.OfAsync<InvalidOperationException>(() => Asking.SearchAsync(index));

        Assert.AreEqual($"A server of the index '{index.Schema}' was lost between the last words of a change: 1 of 2 have made it, and "
            + "searches will say that they differ. Load the model anew into all of them.", change);
        Assert.AreEqual($"The servers of the index '{index.Schema}' are of different states: 2, 1. A change was cut off between them. Load "
            + "the model anew into all of them.", search);
    }

    [TestMethod]
    public async Task RemoveAsync_AServerThatRefusesToCommit_ChangesNothing()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        await PostgresServer.RunAsync(sources[0], $"""
            create function "{index.Schema}".refuse() returns trigger language plpgsql as
              $$ begin raise exception 'not today'; end $$;
            create constraint trigger refuse after update on "{index.Schema}".landmark_index deferrable initially deferred
              for each row execute function "{index.Schema}".refuse()
            """);

        (string message, _) = await Refusal.OfServerAsync(() => index.RemoveAsync(["first1", "first2"]));

        Assert.AreEqual($"A server of the index '{index.Schema}' refused a statement (P0001): not today. Nothing was changed.", message);
        IDataView queries = View([.. Rows(new Random(9), 20, "query", 0.2)]);
        ViewReader.AssertSameRows(s_model.Transform(queries).AllRows(), s_model.WithIndex(index).Transform(queries).AllRows());
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task RemoveAsync_AServerLostInItsCommit_SaysThatItMayBeMade()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex index = await LoadAsync(s_model, source);
        await PostgresServer.RunAsync(source, $"""
            create function "{index.Schema}".go() returns trigger language plpgsql as
              $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create constraint trigger go after update on "{index.Schema}".landmark_index deferrable initially deferred
              for each row execute function "{index.Schema}".go()
            """);

        Assert.AreEqual($"The server of the index '{index.Schema}' was lost while it made a change, so it may have made it and may not. "
            + "Look whether its rows are there before you try again.",
            await Refusal.OfAsync<InvalidOperationException>(() => index.RemoveAsync(["first1"])));
    }

    [TestMethod]
    [DataRow("delete from landmark where row = (select min(row) from landmark)", "Server 1 counts * landmark rows, and has *")]
    [DataRow("delete from non_landmark where row = 0", "Server 1 counts * non-landmarks, and has *")]
    [DataRow("update landmark set penalty = penalty + 1e-12", "")]
    [DataRow("update landmark set near_row[1] = 9999", "")]
    [DataRow("update non_landmark set v = v - (v + v) where row = 1", "The servers have different non-landmarks")]
    [DataRow("update non_landmark set id = 'another' where row = 1", "The servers have different non-landmarks")]
    [DataRow("update label set label = '99' where number = 2", "The servers have different labels")]
    [DataRow("delete from label where number = 2", "Server 1 has * landmark rows of landmarks that have no label")]
    [DataRow("update landmark_index set landmarks = landmarks + 1", "Server 1 counts * landmark rows, and has *")]
    public async Task CheckAsync_RowsThatAnotherProgramChanged_AreFound(string sql, string problem)
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
        await using NpgsqlConnection connection = await sources[1].OpenConnectionAsync();
        await connection.ExecuteAsync($"set search_path to \"{index.Schema}\", public; {sql}", CancellationToken.None);

        LandmarkIndexCheck check = await index.CheckAsync();

        Assert.IsFalse(check.IsSound);
        if (problem == "")
            Assert.IsNotEmpty(check.WrongRows);
        else
            Assert.ContainsSingle(text => Regex.IsMatch(text, $"^{Regex.Escape(problem).Replace("\\*", "\\d+", StringComparison.Ordinal)}"),
                check.Problems, string.Join(' ', check.Problems));
    }

    [TestMethod]
    public async Task Search_RowsThatAreCountedAndNotThere_IsRefused()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex index = await LoadAsync(s_model);
        await PostgresServer.RunAsync(source, $"delete from \"{index.Schema}\".landmark where row > 1");

        Assert.StartsWith($"The index '{index.Schema}' does not have the rows that it counts: of a query 2 landmark rows in place of 3 ",
            await Refusal.OfAsync<InvalidOperationException>(() => Asking.SearchAsync(index)));
    }
}
