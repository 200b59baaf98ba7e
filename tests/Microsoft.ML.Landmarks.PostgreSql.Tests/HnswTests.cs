using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Landmarks.Vectors;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Landmark rows that HNSW indexes propose, where that is asked for.</summary>
[TestClass]
public sealed class HnswTests
{
    // Links so few, and so badly chosen, that rows are missed.
    private static readonly LandmarkHnswOptions s_few = new() { M = 2, EfConstruction = 4 };

    // Links by which all rows of a small index are found.
    private static readonly LandmarkHnswOptions s_many = new() { M = 32, EfConstruction = 100 };

    private static readonly KnnLandmarkEstimator.Options s_options = new(Options)
    {
        NeighborsColumnName = "Neighbors",
        NeighborScoresColumnName = "NeighborScores",
    };

    private static readonly LabeledRow[] s_rows = [.. Rows(new Random(1), 900, "first", 0.2)],
        s_queries = [.. Rows(new Random(2), 60, "query", 0)];

    private static readonly KnnLandmarkTransformer s_model = Context.Transforms.KnnLandmark(s_options).Fit(View(s_rows));

    [TestMethod]
    [DataRow(1.0, 1)]
    [DataRow(0.3, 2)]
    [DataRow(0.0, 1)]
    public async Task Transform_MoreCandidatesThanRows_AnswersAsInMemory(double weight, int servers)
    {
        const int WideDimension = 33;
        var random = new Random(5);
        LabeledRow[] rows = [.. HardRows.Create("isotropic", 500, WideDimension, random).Select((features, i)
            => new LabeledRow { Id = $"row{i}", Label = i % 4 == 3 ? -1 : i % 23, Features = features })];
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(s_options)
        {
            TrainingPenaltyWeight = weight,
        }).Fit(FeatureView.Create(Context, rows, WideDimension));
        LabeledRow[] asked = [.. HardRows.Create("isotropic", 140, WideDimension, random).Concat(rows.Take(20).Select(row => row.Features))
            .Select(features => new LabeledRow { Features = features })];
        IDataView queries = FeatureView.Create(Context, asked, WideDimension);
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(model, s_many, await SharedServer.SourcesAsync(servers));
        LandmarkRecall recall = await exact.CheckRecallAsync(model, queries, 1_000);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(1_000);

        object[][] found = model.WithIndex(index).Transform(queries).AllRows();

        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), found);
        // Of 20 rows that are asked a fourth are non-landmarks.
        Assert.AreEqual((1.0, 160, 160, 15), (recall.Recall, recall.SameLandmarkCount, recall.QueryCount, recall.OwnRowCount));
        Assert.AreEqual(recall, index.Recall);
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 0)]
    [DataRow(1, 3)]
    public async Task CheckRecallAsync_FewCandidates_CountsAsAPlainReference(int servers, int expansion)
    {
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(s_options)
        {
            TrainingPenaltyWeight = 0.5,
            QueryExpansion = expansion,
        }).Fit(View(s_rows));
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(servers);
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(model, s_few, sources);
        DateTimeOffset before = DateTimeOffset.UtcNow;
        // One without a cosine to any row takes no part.
        IDataView asked = View([.. s_queries, new LabeledRow { Features = new float[Dimension] }]);

        LandmarkRecall recall = await exact.CheckRecallAsync(model, asked, candidates: 2);

        using PostgresLandmarkIndex index = await (await PostgresLandmarkIndex.AttachAsync(sources, exact.Schema)).WithHnswAsync(2);
        IDataView nearest = model.Transform(View(s_queries)), found = model.WithIndex(index).Transform(View(s_queries));
        int same = Ids(nearest).Zip(Ids(found), (a, b) => a.Intersect(b).Count()).Sum();
        Assert.IsLessThan(5 * s_queries.Length, same);
        Assert.IsGreaterThan(0, same);
        Assert.AreEqual(new LandmarkRecall
        {
            Candidates = 2,
            Neighbors = 5,
            PenaltyWeight = 0.5,
            QueryExpansion = expansion,
            LandmarkRowCount = model.LandmarkRowCount,
            QueryCount = s_queries.Length,
            NeighborCount = 5 * s_queries.Length,
            FoundNeighborCount = same,
            SameLandmarkCount = nearest.Values<int>("PredictedLabel").Zip(found.Values<int>("PredictedLabel"), (a, b) => a == b)
                .Count(isSame => isSame),
            IsStored = true,
            Time = recall.Time,
        }, recall);
        Assert.AreEqual(MetricInterval.Wilson(same / 300.0, 60), recall.RecallInterval);
        Assert.AreEqual(MetricInterval.Wilson(recall.SameLandmarks, 60), recall.SameLandmarksInterval);
        Assert.IsTrue(recall.Time >= before.AddSeconds(-1) && recall.Time <= DateTimeOffset.UtcNow, $"{recall.Time}");
        Assert.AreEqual((recall, 2), (index.Recall, index.HnswCandidates));
        Assert.AreEqual((null, null), (exact.Recall, exact.HnswCandidates));
    }

    [TestMethod]
    public async Task Transform_FewCandidates_ScoresThemAsInMemory()
    {
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(s_model, s_few, await SharedServer.Source);
        await exact.CheckRecallAsync(s_model, View(s_queries), 3);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(3);
        KnnLandmarkTransformer all = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(s_options)
        {
            NumberOfNeighbors = s_model.LandmarkRowCount,
        }).Fit(View(s_rows));

        IDataView found = s_model.WithIndex(index).Transform(View(s_queries)), expected = all.Transform(View(s_queries));

        string[][] ids = Ids(found), allIds = Ids(expected);
        float[][] scores = found.Vectors("NeighborScores"), allScores = expected.Vectors("NeighborScores");
        for (int query = 0; query < s_queries.Length; query++)
        {
            Dictionary<string, float> scoreOf = allIds[query].Zip(allScores[query]).ToDictionary();
            Assert.AreSequenceEqual([.. ids[query].Select(id => scoreOf[id])], scores[query]);
            Assert.AreSequenceEqual([.. scores[query].OrderDescending()], scores[query]);
        }
    }

    [TestMethod]
    public async Task Search_NearestRowsDeletedAndNotVacuumed_GoesOnByTheIndex()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(s_model, new(), source);
        await PostgresServer.RunAsync(source, $"alter table \"{exact.Schema}\".landmark set (autovacuum_enabled = off)");
        await exact.CheckRecallAsync(s_model, View(s_queries), 40);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(40);
        KnnLandmarkTransformer forty = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(s_options)
        {
            NumberOfNeighbors = 40,
        }).Fit(View(s_rows));
        IDataView query = View(s_queries[..1]);
        string[] nearest = Ids(forty.Transform(query))[0];

        await index.RemoveAsync(nearest);

        Assert.IsEmpty(Ids(s_model.WithIndex(index).Transform(query))[0].Intersect(nearest));
        // A backend of its own, which has counted nothing before.
        await using NpgsqlDataSource alone = (await SharedServer.Server).Open(configure: text => text.Pooling = false);
        await using NpgsqlConnection connection = await alone.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        IndexTables tables = await IndexTables.OfAsync(connection, exact.Schema, CancellationToken.None);
        float[] values = [.. s_queries[0].Features];
        Assert.IsTrue(UnitVector.TryNormalize(values));
        NearestRows found = await RowSearch.OfLandmarks(tables, Dimension, 1, candidates: 40)
            .SearchAsync(connection, values, 5, index.LandmarkRowCount, CancellationToken.None);
        Assert.HasCount(5, found[0]);
        Assert.AreEqual(0, await ScannedRowsAsync(connection, exact.Schema));
    }

    [TestMethod]
    public async Task Transform_AnIndexThatGivesUpEarly_IsCompletedByAScan()
    {
        PostgresServer server = await SharedServer.Server;
        await using NpgsqlDataSource source = server.Open(configure: text => text.Options = "-c hnsw.max_scan_tuples=1");
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(s_model, s_few, await SharedServer.Source);
        await exact.CheckRecallAsync(s_model, View(s_queries), 1);
        using PostgresLandmarkIndex index = await (await PostgresLandmarkIndex.AttachAsync([source], exact.Schema)).WithHnswAsync(1);

        IDataView found = s_model.WithIndex(index).Transform(View(s_queries));

        ViewReader.AssertSameRows(s_model.Transform(View(s_queries)).AllRows(), found.AllRows());
    }

    [TestMethod]
    public async Task Transform_AnIndexThatGivesUpEarlyAndMoreNeighborsThanRows_AnswersAsInMemory()
    {
        await using NpgsqlDataSource source = (await SharedServer.Server).Open(configure: text
            => text.Options = "-c hnsw.max_scan_tuples=1");
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(s_options)
        {
            NumberOfNeighbors = 100,
        }).Fit(View(s_rows[..50]));
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(model, s_few, await SharedServer.Source);
        await exact.CheckRecallAsync(model, View(s_queries), 1);
        using PostgresLandmarkIndex index = await (await PostgresLandmarkIndex.AttachAsync([source], exact.Schema)).WithHnswAsync(1);

        IDataView found = model.WithIndex(index).Transform(View(s_queries));

        ViewReader.AssertSameRows(model.Transform(View(s_queries)).AllRows(), found.AllRows());
    }

    [TestMethod]
    public async Task WithHnswAsync_AnIndexMadeByHandInTheOthersPlace_IsMeasuredAnew()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadWithHnswAsync(s_model, s_many, sources);
        LandmarkRecall first = await index.CheckRecallAsync(s_model, View(s_queries), 40);
        using PostgresLandmarkIndex asked = await index.WithHnswAsync(40);
        string definition = await DefinitionAsync(), few = definition.Replace("m='32'", "m='2'", StringComparison.Ordinal)
            .Replace("ef_construction='100'", "ef_construction='4'", StringComparison.Ordinal);

        await ReplaceAsync(few);

        Assert.StartsWith("Nobody has measured ", await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40)));
        Assert.IsEmpty((await index.DescribeAsync()).Recalls);
        string rebuilt = $"The HNSW index of '{index.Schema}' was built otherwise since, so that what was measured does not count any "
            + "more. Attach it again once it was measured. Measure it by CheckRecallAsync, with queries as they are asked.";
        foreach (Func<Task> work in (Func<Task>[])[() => Asking.SearchAsync(asked), () => asked.RefreshAsync()])
            Assert.AreEqual(rebuilt, await Refusal.OfAsync<InvalidOperationException>(work));
        LandmarkRecall second = await index.CheckRecallAsync(s_model, View(s_queries), 40);
        Assert.IsLessThan(first.Recall, second.Recall);
        Assert.AreEqual(second, (await index.WithHnswAsync(40)).Recall);
        await ReplaceAsync(definition);
        Assert.AreEqual(first, (await index.WithHnswAsync(40)).Recall);
        await Asking.SearchAsync(asked);
        await asked.RefreshAsync();
        foreach (string other in (string[])["using ivfflat (v vector_ip_ops) with (lists = 2000)",
            "using btree (id) with (deduplicate_items = on)"])
        {
            await ReplaceAsync($"create index landmark_hnsw on \"{index.Schema}\".landmark {other}");
            Assert.IsNull((await index.DescribeAsync()).Hnsw);
            Assert.StartsWith($"The index '{index.Schema}' has no HNSW index,",
                await Refusal.OfAsync<InvalidOperationException>(() => asked.RefreshAsync()));
        }

        // As one that is made concurrently leaves it until it is whole.
        await ReplaceAsync(definition);
        await PostgresServer.RunAsync(sources[1],
            $"update pg_index set indisvalid = false where indexrelid = '\"{index.Schema}\".landmark_hnsw'::regclass");
        Assert.IsNull((await index.DescribeAsync()).Hnsw);
        Assert.Contains("HNSW index: that is not whole,", await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40)));

        async Task<string> DefinitionAsync()
        {
            await using NpgsqlCommand command = sources[1].CreateCommand(
                $"select pg_get_indexdef('\"{index.Schema}\".landmark_hnsw'::regclass)");
            return (string)(await command.ExecuteScalarAsync())!;
        }

        Task ReplaceAsync(string sql) => PostgresServer.RunAsync(sources[1], $"drop index \"{index.Schema}\".landmark_hnsw; {sql}");
    }

    [TestMethod]
    public async Task AddAsyncAndRemoveAsync_AnIndexSearchedByHnsw_AnswersAsInMemory()
    {
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(s_model, s_many, await SharedServer.SourcesAsync(2));
        await exact.CheckRecallAsync(s_model, View(s_queries), 1_000);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(1_000);
        ITransformer shared = s_model.WithIndex(index);
        LabeledRow[] added = [.. Rows(new Random(3), 30, "added", 0.4)];

        await index.AddAsync(shared, View(added));
        await index.RemoveAsync(["first3", "first7", "added4"]);

        KnnLandmarkTransformer expected = s_model.With(View(added)).Without(["first3", "first7", "added4"]);
        ViewReader.AssertSameRows(expected.Transform(View(s_queries)).AllRows(), shared.Transform(View(s_queries)).AllRows());
        Assert.IsTrue((await index.CheckAsync()).IsSound);
        Assert.IsFalse(index.IsRecallOutdated);
    }

    [TestMethod]
    public async Task IsRecallOutdated_AFifthMoreLandmarkRows_IsSaidWhereAModelIsAttached()
    {
        var ml = new MLContext(seed: 1);
        List<string> warnings = [];
        ml.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        LabeledRow[] rows = [.. Rows(new Random(1), 20, "none", 1), .. Rows(new Random(2), 50, "first", 0)];
        KnnLandmarkTransformer model = ml.Transforms.KnnLandmark(Options).Fit(View(rows));
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(model, new(), await SharedServer.Source);
        await exact.CheckRecallAsync(model, View(s_queries), 40);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(40);
        ITransformer shared = model.WithIndex(index);

        await index.AddAsync(shared, View([.. Rows(new Random(3), 9, "nearly", 0)]));
        Assert.IsFalse(index.IsRecallOutdated);
        model.WithIndex(index);
        Assert.IsEmpty(warnings);
        await exact.AddAsync(model, View([.. Rows(new Random(4), 1, "more", 0)]));
        Assert.IsFalse(index.IsRecallOutdated, "It has not been asked since.");
        await Asking.SearchAsync(index);

        Assert.IsTrue(index.IsRecallOutdated);
        model.WithIndex(index);
        Assert.AreEqual($"The index '{index.Schema}' has 60 landmark rows, and had 50 on {index.Recall!.Time:yyyy-MM-dd}, when the recall "
            + "of its HNSW index was measured: they became more by a fifth. Measure it anew by CheckRecallAsync.",
            Assert.ContainsSingle(warnings));
        await exact.CheckRecallAsync(model, View(s_queries), 40);
        using PostgresLandmarkIndex again = await exact.WithHnswAsync(40);
        Assert.AreEqual((60, false), (again.Recall!.LandmarkRowCount, again.IsRecallOutdated));
    }

    [TestMethod]
    public async Task WithHnswAsync_WhatIsNotThere_IsRefused()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        string missing = $"The index '{index.Schema}' has no HNSW index, or a server of it has none. Let its owner make it by "
            + "PostgresLandmarkIndex.CreateHnswAsync, after DropHnswAsync where only some have it; or search exactly.";

        foreach (Func<Task> work in (Func<Task>[])[() => index.WithHnswAsync(40),
            () => index.CheckRecallAsync(s_model, View(s_queries), 40), () => PostgresLandmarkIndex.DropHnswAsync(sources, index.Schema)])
            Assert.AreEqual(missing, await Refusal.OfAsync<InvalidOperationException>(work));
        await PostgresLandmarkIndex.CreateHnswAsync(sources, index.Schema);
        const string Way = ". Measure it by CheckRecallAsync, with queries as they are asked.";
        string nobody = $"Nobody has measured how many of the nearest rows 40 candidates of the HNSW index of '{index.Schema}' hold";
        Assert.AreEqual(nobody + Way, await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40)));
        await index.CheckRecallAsync(s_model, View(s_queries), 200);
        await index.CheckRecallAsync(s_model, View(s_queries), 100);
        Assert.AreEqual($"{nobody}; it was measured of 100, 200{Way}",
            await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40)));

        // Of a server, and while it is asked.
        using PostgresLandmarkIndex searched = await index.WithHnswAsync(100);
        await Asking.SearchAsync(searched);
        await PostgresServer.RunAsync(sources[1], $"drop index \"{index.Schema}\".landmark_hnsw");
        Assert.AreEqual(missing, await Refusal.OfAsync<InvalidOperationException>(() => Asking.SearchAsync(searched)));
        Assert.AreEqual(missing, await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(100)));
        await Asking.SearchAsync(index);
        Assert.IsNull((await index.DescribeAsync()).Hnsw);

        // One of another kind.
        await PostgresServer.RunAsync(sources[1],
            $"create index landmark_hnsw on \"{index.Schema}\".landmark using hnsw (v vector_ip_ops)");
        string unused = $"A server of the index '{index.Schema}' would look at all rows in place of its HNSW index: that is not whole, or "
            + "another one than PostgresLandmarkIndex.CreateHnswAsync makes. Let its owner make it anew, after DropHnswAsync.";
        Assert.AreEqual(unused, await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(100)));
        await PostgresLandmarkIndex.DropHnswAsync(sources, index.Schema);
        Assert.IsEmpty((await index.DescribeAsync()).Recalls);
        await PostgresLandmarkIndex.CreateHnswAsync(sources, index.Schema);
        Assert.AreEqual(nobody.Replace("40", "100") + Way,
            await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(100)));
        await index.CheckRecallAsync(s_model, View(s_queries), 100);

        // Somebody made it alone.
        await PostgresServer.RunAsync(sources[0], $"drop table \"{index.Schema}\".hnsw_recall");
        Assert.AreEqual(missing, await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(100)));
        foreach (int candidates in (int[])[0, -1, 1_001])
        {
            await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => index.WithHnswAsync(candidates));
            await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => index.CheckRecallAsync(s_model, View([]), candidates));
        }
    }

    [TestMethod]
    public async Task WithIndex_AModelThatAsksOtherwise_IsRefused()
    {
        using PostgresLandmarkIndex exact = await LoadWithHnswAsync(s_model, new(), await SharedServer.Source);
        KnnLandmarkTransformer three = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(Options) { NumberOfNeighbors = 3 })
            .Fit(View(s_rows)), half = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(Options)
            {
                TrainingPenaltyWeight = 0.5,
            }).Fit(View(s_rows));
        KnnLandmarkTransformer averaging = Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(Options) { QueryExpansion = 3 })
            .Fit(View(s_rows));
        await exact.CheckRecallAsync(s_model, View(s_queries), 40);
        using PostgresLandmarkIndex index = await exact.WithHnswAsync(40);

        Assert.AreEqual($"The recall of 40 candidates of the HNSW index of '{index.Schema}' was measured for 5 neighbors and penalties "
            + "times 1, and the model takes 3 neighbors and penalties times 1. Measure it by CheckRecallAsync with this model.",
            await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(three.WithIndex(index))));
        Assert.Contains("the model takes 5 neighbors and penalties times 0.5.",
            await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(half.WithIndex(index))));
        Assert.Contains("the model takes 5 neighbors and penalties times 1, queries averaged with 3 rows.",
            await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(averaging.WithIndex(index))));
        // Whoever measures by an index that is searched so already measures for his own model.
        Assert.AreEqual(3, (await index.CheckRecallAsync(three, View(s_queries), 40)).Neighbors);
        using PostgresLandmarkIndex ofThree = await exact.WithHnswAsync(40);
        three.WithIndex(ofThree);
        LabeledRow[] narrow = FeatureView.Random(40, 5, 1);
        KnnLandmarkTransformer other = Context.Transforms.KnnLandmark(Options).Fit(FeatureView.Create(Context, narrow, 5));
        Assert.Contains("were made by other steps than the model's", await Refusal.OfAsync<InvalidOperationException>(
            () => exact.CheckRecallAsync(other, FeatureView.Create(Context, narrow, 5), 40)));
        Assert.StartsWith("There is no query that can be compared with rows.",
            await Refusal.OfAsync<ArgumentException>(() => exact.CheckRecallAsync(s_model, View([]), 40)));
    }

    [TestMethod]
    public async Task Roles_OwnerWriterAndReader_MakeMeasureAndAsk()
    {
        NpgsqlDataSource owner = await SharedServer.Source;
        string schema = SharedServer.NewSchema();
        await PostgresServer.RunAsync(owner, """
            create role "hnsw ""reader" login; alter role "hnsw ""reader" set default_transaction_read_only = on;
            create role hnsw_asker login; create role hnsw_writer login
            """);
        await PostgresLandmarkIndex.CreateAsync(
            [owner], schema, s_model, new LandmarkIndexRoles { Readers = ["hnsw \"reader", "hnsw_asker"], Writers = ["hnsw_writer"] });
        PostgresServer server = await SharedServer.Server;
        await using NpgsqlDataSource reader = server.Open("hnsw \"reader"), asker = server.Open("hnsw_asker"),
            writer = server.Open("hnsw_writer");
        Assert.StartsWith($"The index '{schema}' has no rows yet.", await Refusal.OfAsync<InvalidOperationException>(
            () => PostgresLandmarkIndex.CreateHnswAsync([owner], schema)));
        using PostgresLandmarkIndex written = await PostgresLandmarkIndex.LoadAsync([writer], schema, s_model);
        using PostgresLandmarkIndex read = await PostgresLandmarkIndex.AttachAsync([reader], schema);
        using PostgresLandmarkIndex asked = await PostgresLandmarkIndex.AttachAsync([asker], schema);

        foreach ((NpgsqlDataSource role, string said) in ((NpgsqlDataSource, string)[])[(writer, $"permission denied for schema {schema}"),
            (asker, "permission denied for table non_landmark")])
        {
            string refusal = $"The role may not make or drop the HNSW index of '{schema}': {said}. Do it by the role that made the index.";
            Assert.AreEqual(refusal, await Refusal.OfAsync<InvalidOperationException>(
                () => PostgresLandmarkIndex.CreateHnswAsync([role], schema)));
        }

        await PostgresLandmarkIndex.CreateHnswAsync([owner], schema, new LandmarkHnswOptions { M = 8, EfConstruction = 32 });
        Assert.AreEqual($"The index '{schema}' has an HNSW index already, or a server of it has one. Drop it by "
            + "PostgresLandmarkIndex.DropHnswAsync before you make another.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.CreateHnswAsync([owner], schema)));
        Assert.AreEqual($"The role may not make or drop the HNSW index of '{schema}': must be owner of index landmark_hnsw. Do it by the "
            + "role that made the index.",
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.DropHnswAsync([writer], schema)));
        foreach (PostgresLandmarkIndex index in (PostgresLandmarkIndex[])[read, asked])
        {
            LandmarkRecall kept = await index.CheckRecallAsync(s_model, View(s_queries), 40);
            Assert.AreEqual((60, false), (kept.QueryCount, kept.IsStored));
            Assert.StartsWith("Nobody has measured ", await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40)));
        }

        LandmarkRecall first = await written.CheckRecallAsync(s_model, View(s_queries[..10]), 40),
            recall = await written.CheckRecallAsync(s_model, View(s_queries), 40);
        Assert.AreEqual((true, true), (first.IsStored, recall.IsStored));
        using PostgresLandmarkIndex searched = await read.WithHnswAsync(40);
        Assert.AreEqual(recall, searched.Recall);
        Assert.HasCount(60, s_model.WithIndex(searched).Transform(View(s_queries)).AllRows());
        LandmarkIndexInfo info = await read.DescribeAsync();
        Assert.AreEqual(new LandmarkHnswOptions { M = 8, EfConstruction = 32 }, info.Hnsw);
        Assert.AreEqual(recall, Assert.ContainsSingle(info.Recalls));
    }

    [TestMethod]
    public async Task CreateHnswAsync_BySuperuser_IsTheOwnersToMeasureAndDrop()
    {
        NpgsqlDataSource superuser = await SharedServer.Source;
        string schema = SharedServer.NewSchema();
        await PostgresServer.RunAsync(superuser, """
            create role "hnsw ""owner" login; grant create on database postgres to "hnsw ""owner"
            """);
        await using NpgsqlDataSource owner = (await SharedServer.Server).Open("hnsw \"owner");
        await PostgresLandmarkIndex.CreateAsync([owner], schema, s_model);
        using PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync([owner], schema, s_model);

        await PostgresLandmarkIndex.CreateHnswAsync([superuser], schema);

        Assert.IsTrue((await index.CheckRecallAsync(s_model, View(s_queries), 40)).IsStored);
        Assert.HasCount(60, s_model.WithIndex(await index.WithHnswAsync(40)).Transform(View(s_queries)).AllRows());
        await PostgresLandmarkIndex.DropHnswAsync([owner], schema);
        Assert.IsNull((await index.DescribeAsync()).Hnsw);
    }

    [TestMethod]
    public async Task CreateHnswAsync_WhatPgvectorCannotDo_IsSaidBefore()
    {
        NpgsqlDataSource source = await SharedServer.Source;
        foreach (int dimension in (int[])[1_999, 2_000])
        {
            KnnLandmarkTransformer model = Context.Transforms.KnnLandmark()
                .Fit(FeatureView.Create(Context, FeatureView.Random(20, dimension, 1), dimension));
            using PostgresLandmarkIndex index = await LoadAsync(model, source);
            if (dimension == 1_999)
            {
                await PostgresLandmarkIndex.CreateHnswAsync([source], index.Schema);
                continue;
            }

            Assert.AreEqual($"The rows of the index '{index.Schema}' have 2000 values, and pgvector's HNSW takes at most 1999 and the "
                + "penalty. Search them exactly.", await Refusal.OfAsync<InvalidOperationException>(
                () => PostgresLandmarkIndex.CreateHnswAsync([source], index.Schema)));
            Assert.AreEqual("EfConstruction is 31, and pgvector asks for at least twice M, which is 16. Raise it to 32. (Parameter "
                + "'options')", await Refusal.OfAsync<ArgumentException>(() => PostgresLandmarkIndex.CreateHnswAsync([source], index.Schema,
                new LandmarkHnswOptions { EfConstruction = 31 })));
        }

        foreach (int value in (int[])[1, 101])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LandmarkHnswOptions { M = value });
        foreach (int value in (int[])[3, 1_001])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LandmarkHnswOptions { EfConstruction = value });
    }

    [TestMethod]
    public async Task CreateHnswAsync_CancelledWhileItWaits_LeavesNothing()
    {
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await LoadAsync(s_model, sources);
        using var cancellation = new CancellationTokenSource();
        await using NpgsqlConnection writer = await sources[1].OpenConnectionAsync();
        await using (NpgsqlTransaction transaction = await writer.BeginTransactionAsync())
        {
            await writer.ExecuteAsync($"lock table \"{index.Schema}\".landmark in row exclusive mode", CancellationToken.None);
            Task making = PostgresLandmarkIndex.CreateHnswAsync(sources, index.Schema, cancellation: cancellation.Token);
            Assert.IsFalse(making.Wait(200));

            await cancellation.CancelAsync();

            await Assert.ThrowsAsync<OperationCanceledException>(() => making);
        }

        Assert.IsNull((await index.DescribeAsync()).Hnsw);
        await PostgresLandmarkIndex.CreateHnswAsync(sources, index.Schema);
        Assert.AreEqual(new LandmarkHnswOptions(), (await index.DescribeAsync()).Hnsw);
    }

    [TestMethod]
    public async Task CreateHnswAsync_AnOlderPgvector_IsRefused()
    {
        await PostgresServer.RunAsync(await SharedServer.Source, "create database old");
        await using NpgsqlDataSource source = (await SharedServer.Server).Open(configure: text => text.Database = "old");
        await PostgresServer.RunAsync(source, "create extension vector");
        using PostgresLandmarkIndex index = await LoadAsync(s_model, source);
        await PostgresLandmarkIndex.CreateHnswAsync([source], index.Schema);
        // No older one is to be had here: what it says of itself.
        await PostgresServer.RunAsync(source, "update pg_extension set extversion = '0.7.4' where extname = 'vector'");

        string message = await Refusal.OfAsync<InvalidOperationException>(() => index.WithHnswAsync(40));

        Assert.AreEqual("The database has pgvector 0.7.4, whose searches by HNSW end early where rows were deleted, and 0.8 is needed. "
            + "Install a newer one, and let a role that may do so run ALTER EXTENSION vector UPDATE.", message);
        await PostgresLandmarkIndex.DropHnswAsync([source], index.Schema);
        Assert.AreEqual(message,
            await Refusal.OfAsync<InvalidOperationException>(() => PostgresLandmarkIndex.CreateHnswAsync([source], index.Schema)));
    }

    private static async Task<PostgresLandmarkIndex> LoadWithHnswAsync(
        ITransformer model, LandmarkHnswOptions options, params NpgsqlDataSource[] sources)
    {
        PostgresLandmarkIndex index = await LoadAsync(model, sources);
        await PostgresLandmarkIndex.CreateHnswAsync(sources, index.Schema, options);
        return index;
    }

    private static string[][] Ids(IDataView answers)
        => [.. answers.Values<VBuffer<ReadOnlyMemory<char>>>("Neighbors")
            .Select(row => row.DenseValues().Select(id => id.ToString()).ToArray())];

    // How many landmark rows were looked at by scans.
    private static async Task<long> ScannedRowsAsync(NpgsqlConnection connection, string schema)
        => (await connection.QueryAsync("""
            select seq_tup_read from pg_stat_xact_user_tables where schemaname = $1 and relname = 'landmark'
            """, reader => reader.GetInt64(0), CancellationToken.None, schema)).Single();
}
