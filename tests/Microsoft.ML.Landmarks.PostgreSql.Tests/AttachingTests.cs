using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>What an index is asked by, and what is refused.</summary>
[TestClass]
public sealed class AttachingTests
{
    private static readonly LabeledRow[] s_rows = [.. Rows(new Random(1), 60, "first", 0.3)];
    private static readonly KnnLandmarkTransformer s_model = Fit(s_rows);

    [TestMethod]
    [DataRow("Land\"marks; drop table landmark; --")]
    [DataRow("it's {0} $1 \\ \n塔")]
    [DataRow(" ")]
    public async Task Index_ASchemaOfAnyName_IsMadeAskedAndChanged(string schema)
    {
        NpgsqlDataSource source = await SharedServer.Source;
        await PostgresServer.RunAsync(source, $"create role \"a;\"\"reader {schema.Length}\"");
        await PostgresLandmarkIndex.CreateAsync(
            [source], schema, s_model, new LandmarkIndexRoles { Readers = [$"a;\"reader {schema.Length}"] });
        using PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync([source], schema, s_model);
        using var stream = new MemoryStream();
        Context.Model.Save(s_model.WithIndex(index), View([]).Schema, stream);
        stream.Position = 0;
        ITransformer shared = Context.Model.Load(stream, out _).WithIndex(index);

        await index.AddAsync(shared, View([new LabeledRow { Id = "'; --", Label = 3, Features = s_rows[0].Features }]));
        await index.RemoveAsync(["'; --"]);
        await index.RemoveLandmarksAsync([$"{s_rows.First(row => row.Label >= 0).Label}"]);

        AssertAnswers(s_model.WithoutLandmarks([$"{s_rows.First(row => row.Label >= 0).Label}"]), shared);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task GetStateAsync_AsAnIndexIsMadeAndLoaded_TellsHowFarItIs()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        string schema = SharedServer.NewSchema(), foreign = SharedServer.NewSchema();
        await PostgresServer.RunAsync(source, $"create schema \"{foreign}\"");

        Assert.AreEqual(LandmarkIndexState.Missing, await PostgresLandmarkIndex.GetStateAsync([source], schema));
        await PostgresLandmarkIndex.CreateAsync([source], schema, s_model);
        Assert.AreEqual(LandmarkIndexState.Empty, await PostgresLandmarkIndex.GetStateAsync([source], schema));
        await PostgresLandmarkIndex.LoadAsync([source], schema, s_model);
        Assert.AreEqual(LandmarkIndexState.Loaded, await PostgresLandmarkIndex.GetStateAsync([source], schema));
        Assert.StartsWith($"The database has no index '{foreign}'.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.GetStateAsync([source], foreign)));
        Assert.StartsWith("An index can't be called '",
            await Refusal.OfAsync<ArgumentException>(() => PostgresLandmarkIndex.GetStateAsync([source], "pg_a")));
        Assert.StartsWith("There is no data source",
            await Refusal.OfAsync<ArgumentException>(() => PostgresLandmarkIndex.GetStateAsync([], schema)));
    }

    [TestMethod]
    [DataRow("pg_landmarks")]
    [DataRow("a\0b")]
    [DataRow("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task CreateAsync_ANameThatNoSchemaMayHave_IsRefused(string schema)
    {
        NpgsqlDataSource source = await SharedServer.Source;

        string message = await Refusal.OfAsync<ArgumentException>(() => PostgresLandmarkIndex.CreateAsync([source], schema, s_model));

        Assert.StartsWith("An index can't be called '", message);
        Assert.AreEqual(message, await Refusal.OfAsync<ArgumentException>(() => PostgresLandmarkIndex.AttachAsync([source], schema)));
        Assert.StartsWith("There is no data source", await Refusal.OfAsync<ArgumentException>(
            () => PostgresLandmarkIndex.CreateAsync([null!], "index", s_model)));
        Assert.StartsWith("There is no data source", await Refusal.OfAsync<ArgumentException>(
            () => PostgresLandmarkIndex.AttachAsync([], "index")));
    }

    [TestMethod]
    public async Task Roles_ReaderAndWriter_MayDoWhatTheyAreFor()
    {
        NpgsqlDataSource owner = await SharedServer.Source;
        string schema = SharedServer.NewSchema();
        await PostgresServer.RunAsync(owner, """
            create role reader login; alter role reader set default_transaction_read_only = on;
            create role asker login; create role writer login; create role stranger login
            """);
        await PostgresLandmarkIndex.CreateAsync(
            [owner], schema, s_model, new LandmarkIndexRoles { Readers = ["reader", "asker"], Writers = ["writer"] });
        PostgresServer server = await SharedServer.Server;
        await using NpgsqlDataSource reader = server.Open("reader"), asker = server.Open("asker"), writer = server.Open("writer"),
            stranger = server.Open("stranger");
        using PostgresLandmarkIndex written = await PostgresLandmarkIndex.LoadAsync([writer], schema, s_model);
        using PostgresLandmarkIndex read = await PostgresLandmarkIndex.AttachAsync([reader], schema);
        using PostgresLandmarkIndex asked = await PostgresLandmarkIndex.AttachAsync([asker], schema);
        ITransformer shared = s_model.WithIndex(read);
        LabeledRow[] added = [.. Rows(new Random(2), 9, "added", 0.4)];

        AssertAnswers(s_model, shared);
        foreach (PostgresLandmarkIndex index in (PostgresLandmarkIndex[])[read, asked])
        {
            foreach (Func<Task> change in (Func<Task>[])[
                () => index.AddAsync(shared, View(added)),
                () => index.AddAsync(shared, View([.. added.Where(row => row.Label >= 0)])),
                () => index.RemoveAsync(["first1"]),
                () => index.RemoveLandmarksAsync(["1"]),
                () => PostgresLandmarkIndex.CreateAsync([index == read ? reader : asker], "of a reader", s_model)])
            {
                string message = await Refusal.OfAsync<InvalidOperationException>(change);
                Assert.IsTrue(message.StartsWith("The role may not ", StringComparison.Ordinal)
                    || message.Contains("' can only be read here: ", StringComparison.Ordinal), message);
            }
        }

        Assert.AreEqual($"The role may not do that with the index '{schema}': permission denied for schema {schema}. Let its owner grant "
            + "it, as CreateAsync does for the roles that it is given.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync([stranger], schema)));
        await written.AddAsync(s_model.WithIndex(written), View(added));
        await written.RemoveAsync([added[0].Id]);
        AssertAnswers(Fit([.. s_rows, .. added[1..]]), shared);
        Assert.IsTrue((await read.CheckAsync()).IsSound);
        foreach (string sql in (string[])["drop table", "truncate", "create index on"])
        {
            string target = $"{sql} \"{schema}\".landmark{(sql.StartsWith("create", StringComparison.Ordinal) ? "(penalty)" : "")}";
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.RunAsync(writer, target));
            Assert.AreEqual(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState, sql);
        }
    }

    [TestMethod]
    public async Task CreateAsync_WhatIsNotThereOrIsThereAlready_IsSaid()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        string schema = SharedServer.NewSchema();

        string role = await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.CreateAsync(
            [source], schema, s_model, new LandmarkIndexRoles { Readers = ["nobody"] }));
        string missing = await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync([source], schema));
        await PostgresLandmarkIndex.CreateAsync([source], schema, s_model);
        string twice = await Refusal.OfAsync<InvalidOperationException>(
            () => PostgresLandmarkIndex.CreateAsync([source], schema, s_model));

        Assert.AreEqual($"role \"nobody\" does not exist. Make the roles first that are to use the index '{schema}'.", role);
        Assert.AreEqual($"The database has no index '{schema}'. Make it by PostgresLandmarkIndex.CreateAsync, or name another schema.",
            missing);
        Assert.AreEqual($"The database has a schema '{schema}' already. Choose another name, or drop it.", twice);
    }

    [TestMethod]
    public async Task AttachAsync_ADatabaseWithoutTheExtension_SaysSoAndTakesItOnceItIsThere()
    {
        await PostgresServer.RunAsync(await SharedServer.Source, "create database bare");
        await using NpgsqlDataSource source = (await SharedServer.Server).Open(configure: text => text.Database = "bare");

        string message = await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync([source], "index"));

        Assert.AreEqual("The database 'bare' has no pgvector. Let a role that may do so run CREATE EXTENSION vector there; the server "
            + "needs the package of it, postgresql-17-pgvector say.", message);

        // Connections that stay, and know no vectors: the extension comes after them, in a schema that no search path names.
        List<NpgsqlConnection> open = [];
        for (int i = 0; i < 6; i++)
            open.Add(await source.OpenConnectionAsync());
        foreach (NpgsqlConnection connection in open)
            await connection.DisposeAsync();
        await PostgresServer.RunAsync(source, "create schema elsewhere; create extension vector schema elsewhere");
        await PostgresLandmarkIndex.CreateAsync([source], "index", s_model);
        using PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync([source], "index", s_model);
        ITransformer shared = s_model.WithIndex(index);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => AssertAnswers(s_model, shared))));
    }

    [TestMethod]
    public async Task AttachAsync_ADataSourceThatKnowsNoVectors_SaysHowToMakeIt()
    {
        using PostgresLandmarkIndex index = await LoadAsync(s_model);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create((await SharedServer.Server).Text());

        Assert.AreEqual("The data source does not know the type vector. Make it by an NpgsqlDataSourceBuilder that was told UseVector(), "
            + "of the package Pgvector.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync([source], index.Schema)));
    }

    [TestMethod]
    public async Task AttachAsync_AnIndexOfALaterFormat_SaysSo()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex index = await LoadAsync(s_model);
        await PostgresServer.RunAsync(source, $"update \"{index.Schema}\".landmark_index set format = 9");

        Assert.StartsWith($"The index '{index.Schema}' is of format 9, and this version reads format ",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.AttachAsync([source], index.Schema)));
    }

    [TestMethod]
    public async Task Index_RowsOfOtherModels_AreRefused()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        string schema = SharedServer.NewSchema();
        var options = new KnnLandmarkEstimator.Options { IdColumnName = "Id", NumberOfTrainingPenaltyNeighbors = 3 };
        KnnLandmarkTransformer otherPenalties = Context.Transforms.KnnLandmark(options).Fit(View(s_rows));
        ITransformer otherSteps = Context.Transforms.NormalizeLpNorm("Features").Append(Context.Transforms.WhitenFeatures("Features"))
            .Append(Context.Transforms.KnnLandmark(Options)).Fit(View(s_rows));
        LabeledRow[] narrow = FeatureView.Random(40, 5, 1);
        KnnLandmarkTransformer otherDimension
            = Context.Transforms.KnnLandmark(Options).Fit(FeatureView.Create(Context, narrow, 5));
        await PostgresLandmarkIndex.CreateAsync([source], schema, s_model);

        foreach (ITransformer other in (ITransformer[])[otherPenalties, otherSteps, otherDimension])
        {
            Assert.AreEqual($"The index '{schema}' was made for a model with other steps, labels or ids. Load the model that it was made "
                + "for, or make an index for this one.",
                await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.LoadAsync([source], schema, other)));
        }

        using PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync([source], schema, s_model);
        foreach (ITransformer other in (ITransformer[])[otherPenalties, otherSteps, otherDimension])
        {
            string message = await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(other.WithIndex(index)));
            Assert.StartsWith($"The rows in PostgreSql, '{schema}', were made by other steps than the model's", message);
            Assert.AreEqual(message, await Refusal.OfAsync<InvalidOperationException>(() => index.AddAsync(other, View(s_rows))));
        }

        IDataView five = FeatureView.Create(Context, narrow, 5);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.WithIndex(index).Transform(five));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.Transforms.KnnLandmark(Options, index).Fit(five));
        await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => index.AddAsync(s_model, five));
    }

    [TestMethod]
    public async Task Index_FeaturesThatAreNoNumbers_AreNeitherAnsweredNorAdded()
    {
        float[] nan = [.. s_rows[0].Features], infinite = [.. s_rows[0].Features];
        (nan[3], infinite[4]) = (float.NaN, float.PositiveInfinity);
        LabeledRow[] strange = [.. ((float[][])[nan, infinite, new float[Dimension], s_rows[5].Features]).Select((features, i)
            => new LabeledRow { Id = $"strange{i}", Label = i % 2 - 1, Features = features })];
        using PostgresLandmarkIndex index = await LoadAsync(s_model);
        ITransformer shared = s_model.WithIndex(index);

        ViewReader.AssertSameRows(s_model.Transform(View(strange)).AllRows(), shared.Transform(View(strange)).AllRows());
        await index.AddAsync(shared, View(strange));

        AssertAnswers(s_model.With(View(strange)), shared);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task Search_ASchemaDroppedAndMadeAnew_IsNotTakenForTheOneThatWasAttached()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex index = await LoadAsync(s_model);
        ITransformer shared = s_model.WithIndex(index);
        await PostgresServer.RunAsync(source, $"drop schema \"{index.Schema}\" cascade");

        string dropped
            = $"The database has no index '{index.Schema}'. Make it by PostgresLandmarkIndex.CreateAsync, or name another schema.";
        foreach (Func<Task> work in (Func<Task>[])[
            () => Asking.SearchAsync(index),
            () => index.AddAsync(shared, View(s_rows)),
            () => index.RemoveAsync(["first1"]),
            () => index.CheckAsync()])
        {
            Assert.AreEqual(dropped, await Refusal.OfAsync<InvalidOperationException>(work));
        }

        // Of the same steps, so that its fingerprint is the same, and numbers of landmarks are other labels.
        KnnLandmarkTransformer other = Fit(s_rows.Reverse());
        await PostgresLandmarkIndex.CreateAsync([source], index.Schema, other);
        using PostgresLandmarkIndex ofOther = await PostgresLandmarkIndex.LoadAsync([source], index.Schema, other);
        string replaced = $"The index '{index.Schema}' was made anew for another model meanwhile. Attach it again, with that model.";
        foreach (Func<Task> work in (Func<Task>[])[
            () => Asking.SearchAsync(index),
            () => index.AddAsync(shared, View([.. Rows(new Random(2), 9, "added", 0.4)])),
            () => index.RemoveAsync(["first1"]),
            () => index.RemoveLandmarksAsync(["1"]),
            () => index.CheckAsync()])
        {
            Assert.AreEqual(replaced, await Refusal.OfAsync<InvalidOperationException>(work));
        }

        Assert.AreEqual(s_model.LandmarkRowCount, ofOther.LandmarkRowCount);
    }

    private static void AssertAnswers(ITransformer model, ITransformer shared)
    {
        IDataView queries = View([.. Rows(new Random(9), 20, "query", 0.2)]);
        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), shared.Transform(queries).AllRows());
    }
}
