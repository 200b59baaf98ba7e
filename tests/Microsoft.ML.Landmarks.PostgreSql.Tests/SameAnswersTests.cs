using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Answers by rows in a database are those by rows in memory, to the bit.</summary>
[TestClass]
public sealed class SameAnswersTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("isotropic", 1.0, 1)]
    [DataRow("isotropic", 0.3, 2)]
    [DataRow("duplicates", 1.0, 3)]
    [DataRow("duplicates", 0.0, 1)]
    [DataRow("near duplicates", 1.0, 1)]
    [DataRow("rank 1", 0.5, 2)]
    [DataRow("heavy tails", 1.0, 1)]
    [DataRow("one coordinate", 1000000.0, 1)]
    public async Task Transform_HardRows_AnswersAsInMemory(string kind, double weight, int servers)
    {
        const int Dimension = 33;
        var random = new Random(5);
        LabeledRow[] rows = [.. HardRows.Create(kind, 700, Dimension, random).Select((features, i) => new LabeledRow
        {
            Id = $"row'{i}",
            Label = i % 4 == 3 ? -1 : i % 23,
            Features = features,
        })];
        LabeledRow[] queries = [.. HardRows.Create(kind, 150, Dimension, random).Concat(rows.Take(20).Select(row => row.Features))
            .Select(features => new LabeledRow { Features = features })];
        var options = new KnnLandmarkEstimator.Options
        {
            TrainingPenaltyWeight = weight,
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
            QueryPenaltyColumnName = "QueryPenalty",
            NumberOfTopLandmarks = 9,
            TopLabelsColumnName = "TopLabels",
        };
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(options).Fit(FeatureView.Create(_ml, rows, Dimension));
        using PostgresLandmarkIndex index = await TestIndex.LoadAsync(model, await SharedServer.SourcesAsync(servers));
        IDataView asked = FeatureView.Create(_ml, queries, Dimension);

        ITransformer shared = model.WithIndex(index);

        ViewReader.AssertSameRows(model.Transform(asked).AllRows(), shared.Transform(asked).AllRows());
        IDataView one = FeatureView.Create(_ml, queries[..1], Dimension);
        ViewReader.AssertSameRows(model.Transform(one).AllRows(), shared.Transform(one).AllRows());
    }

    // An index of vectors that somebody made, which finds some of the nearest: in order of the product, as non-landmarks are asked for.
    [TestMethod]
    [DataRow("hnsw", "m = 2, ef_construction = 4")]
    [DataRow("ivfflat", "lists = 100")]
    public async Task Transform_AnIndexOfOthersOnTheTables_AnswersAsInMemory(string kind, string options)
    {
        const int Dimension = 24;
        LabeledRow[] rows = [.. HardRows.Create("isotropic", 3_000, Dimension, new Random(3)).Select((features, i) => new LabeledRow
        {
            Label = i % 4 > 1 ? -1 : i % 23,
            Features = features,
        })];
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            TrainingPenaltyWeight = 0,
            NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
        }).Fit(FeatureView.Create(_ml, rows, Dimension));
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex index = await TestIndex.LoadAsync(model, source);
        foreach (string table in (string[])["landmark", "non_landmark"])
        {
            await PostgresServer.RunAsync(source,
                $"create index on \"{index.Schema}\".{table} using {kind} (v vector_ip_ops) with ({options})");
        }

        foreach (int queries in (int[])[1, 3, 5])
        {
            IDataView asked = FeatureView.Create(_ml, rows[..queries], Dimension);
            ViewReader.AssertSameRows(model.Transform(asked).AllRows(), model.WithIndex(index).Transform(asked).AllRows());
        }
    }

    // PostgreSQL would compile the expression of all queries for longer than it works on it.
    [TestMethod]
    public async Task SearchAsync_QueriesThatShareAScan_AreNotCompiled()
    {
        const int Dimension = 8, QueryCount = 5;
        LabeledRow[] rows = [.. HardRows.Create("isotropic", 200, Dimension, new Random(4)).Select((features, i) => new LabeledRow
        {
            Label = i % 2 == 0 ? -1 : i,
            Features = features,
        })];
        using PostgresLandmarkIndex index = await TestIndex.LoadAsync(
            _ml.Transforms.KnnLandmark().Fit(FeatureView.Create(_ml, rows, Dimension)), await SharedServer.Source);
        await using NpgsqlDataSource compiling = (await SharedServer.Server).Open(configure: text => text.Options = "-c jit=on");
        await using NpgsqlConnection connection = await compiling.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        IndexTables tables = await IndexTables.OfAsync(connection, index.Schema, CancellationToken.None);

        await RowSearch.OfLandmarks(tables, Dimension, 1).SearchAsync(
            connection, rows.Take(QueryCount).SelectMany(row => row.Features).ToArray(), 3, index.LandmarkRowCount, CancellationToken.None);

        Assert.AreEqual("off", await JitAsync());
        await transaction.CommitAsync();
        Assert.AreEqual("on", await JitAsync());

        async Task<string> JitAsync() => (await connection.QueryAsync("show jit", reader => reader.GetString(0), default)).Single();
    }
}
