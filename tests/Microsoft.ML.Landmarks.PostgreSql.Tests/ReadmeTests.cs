using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>What the README of the package says holds on a server.</summary>
[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    public async Task Readme_Examples_Run()
    {
        using var folder = new TemporaryFolder();
        ReadmeFiles.CopyTo(folder);
        string[] photographs = Directory.GetFiles(folder["photos/none"]);
        Directory.CreateDirectory(folder["new-photos/Eiffel Tower/2019"]);
        Directory.CreateDirectory(folder["new-photos/none"]);
        File.Copy(folder["photo.jpg"], folder["new-photos/Eiffel Tower/2019/a.jpg"]);
        File.Copy(folder["photo.jpg"], folder["new-photos/Eiffel Tower/2019/b.jpg"]);
        File.Copy(photographs[0], folder["new-photos/none/new.jpg"]);
        Directory.CreateDirectory(folder["asked"]);
        File.Copy(folder["photo.jpg"], folder["asked/a.jpg"]);
        await PostgresServer.RunAsync(await SharedServer.Source, "create role web login");

        Run("ids");
        Run("index");

        Assert.AreEqual(ReadmeFiles.Landmark, Run("attach"));
        string[] counts = Run("rows").Split(' ');
        // Two came, and one of them went; of the non-landmarks some are held out to judge answers, and not in the index.
        Assert.AreEqual(32 + 1, int.Parse(counts[0]));
        Assert.IsLessThanOrEqualTo(photographs.Length + 1, int.Parse(counts[1]));
        Assert.AreEqual("True", counts[2]);
        Assert.AreEqual($"1 1 {ReadmeFiles.Landmark}", Run("hnsw"));

        string Run(string example)
        {
            (int exitCode, string[] output, string errors) = ChildProcess.Run(
                Path.Combine(TestFiles.ProgramFolder("ReadmeExamples"), "ReadmeExamples.dll"), folder["."],
                ("LANDMARKS_CONNECTION", SharedServer.Server.Result.Text()), example);
            Assert.AreEqual((0, ""), (exitCode, errors), example);
            return string.Join('\n', output);
        }
    }

    /// <summary>Three rows of 512 values are on a page, one of 1,900, and longer vectors are elsewhere.</summary>
    [TestMethod]
    [DataRow(512, 100, true)]
    [DataRow(1_900, 300, true)]
    [DataRow(2_048, 10, false)]
    public async Task Readme_Storage_IsAsItSays(int dimension, int mostPages, bool isOnPage)
    {
        const int Count = 300;
        NpgsqlDataSource source = await SharedServer.Source;
        LabeledRow[] rows = FeatureView.Random(Count + Count / 3, dimension, 1);
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(Options).Fit(FeatureView.Create(Context, rows, dimension));
        using PostgresLandmarkIndex index = await LoadAsync(model);

        // More are made at once than are needed.
        long pages = await AskAsync($"select count(distinct (ctid::text::point)[0]) from \"{index.Schema}\".landmark");
        long elsewhere = await AskAsync($"""
            select pg_relation_size(reltoastrelid) from pg_class where oid = '"{index.Schema}".landmark'::regclass
            """);

        Assert.IsTrue(isOnPage ? pages == mostPages : pages <= mostPages, $"{pages}");
        Assert.AreEqual(isOnPage, elsewhere == 0);
        IDataView queries = FeatureView.Create(Context, FeatureView.Random(12, dimension, 2), dimension);
        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), model.WithIndex(index).Transform(queries).AllRows());

        async Task<long> AskAsync(string sql)
        {
            await using NpgsqlCommand command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    [TestMethod]
    public async Task Readme_Backup_IsRestoredIntoAnotherDatabase()
    {
        PostgresServer server = await SharedServer.Server;
        KnnLandmarkTransformer model = Fit([.. Rows(new Random(1), 90, "first", 0.3)]);
        using PostgresLandmarkIndex index = await LoadAsync(model);
        await PostgresServer.RunAsync(await SharedServer.Source, "create database restored");
        await using NpgsqlDataSource source = server.Open(configure: text => text.Database = "restored");
        await PostgresServer.RunAsync(source, "create extension vector");

        server.Run($"pg_dump --schema='\"{index.Schema}\"' postgres | psql --quiet --set ON_ERROR_STOP=1 restored");

        using PostgresLandmarkIndex restored = await PostgresLandmarkIndex.AttachAsync([source], index.Schema);
        IDataView queries = View([.. Rows(new Random(9), 20, "query", 0.2)]);
        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), model.WithIndex(restored).Transform(queries).AllRows());
        Assert.IsTrue((await restored.CheckAsync()).IsSound);
    }
}
