using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Models of every kind answer by rows in a database as by rows in memory, and go on so when rows come and go.</summary>
[TestClass]
public sealed class ModelsTests
{
    private static readonly LabeledRow[] s_rows = [.. Rows(new Random(1), 120, "first", 0.3)];
    private static readonly LabeledRow[] s_added = [.. Rows(new Random(2), 20, "added", 0.3)];
    private static readonly LabeledRow[] s_queries = [.. Rows(new Random(3), 30, "query", 0.2)];

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(4, 2)]
    [DataRow(500, 1)]
    public async Task Transform_QueryExpansion_AnswersAsInMemory(int count, int servers)
        => await AssertSameAsync(new() { IdColumnName = "Id", QueryExpansion = count, NeighborsColumnName = "Neighbors" }, s_rows, servers);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public async Task Transform_ModelWithoutIds_AnswersAsInMemory(int servers)
        => await AssertSameAsync(new() { NeighborsColumnName = "Neighbors", NonLandmarkNeighborsColumnName = "Others" }, s_rows, servers);

    [TestMethod]
    public async Task RemoveAsync_ModelWithoutIds_IsRefused()
    {
        using PostgresLandmarkIndex index = await LoadAsync(Context.Transforms.KnnLandmark().Fit(View(s_rows)));

        Assert.StartsWith("The model was fitted without ids",
            await Refusal.OfAsync<InvalidOperationException>(() => index.RemoveAsync(["a"])));
    }

    [TestMethod]
    public async Task Transform_NoNonLandmarks_AnswersAsInMemory()
        => await AssertSameAsync(new() { IdColumnName = "Id", AllowNoNonLandmarks = true, QueryPenaltyColumnName = "Penalty" },
            [.. s_rows.Where(row => row.Label >= 0)], 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task Transform_FewerRowsThanNeighbors_AnswersAsInMemory(int servers)
        => await AssertSameAsync(Options, [.. s_rows.Where(row => row.Label >= 0).Take(2), .. s_rows.Where(row => row.Label < 0).Take(2)],
            servers);

    [TestMethod]
    [DataRow(DataKind.Int64)]
    [DataRow(DataKind.String)]
    public async Task Transform_LabelsOfOtherTypes_AnswersAsInMemory(DataKind kind)
    {
        ITransformer convert = Context.Transforms.Conversion.ConvertType("Label", outputKind: kind).Fit(View(s_rows));
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(Options).Fit(convert.Transform(View(s_rows)));
        using PostgresLandmarkIndex index = await LoadAsync(model);
        ITransformer shared = model.WithIndex(index);
        IDataView added = convert.Transform(View([.. s_added, new LabeledRow { Id = "far", Label = 77, Features = s_added[0].Features }]));

        AssertSame(model, shared);
        await index.AddAsync(shared, added);
        AssertSame(model.With(added), shared);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    [TestMethod]
    public async Task CreateAsync_LabelsThatAreKeys_AreRefused()
    {
        ITransformer model = Context.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.String)
            .Append(Context.Transforms.Conversion.MapValueToKey("Label"))
            .Append(Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { NonLandmarkLabel = "-1" })).Fit(View(s_rows));

        NpgsqlDataSource source = await SharedServer.Source;

        string message = await Refusal.OfAsync<InvalidOperationException>(() => LoadAsync(model, source));

        Assert.AreEqual("The labels of the model are keys, whose values a column holds that is made once, and the landmarks of an index "
            + "become more. Fit the model with labels that are text or numbers.", message);
    }

    [TestMethod]
    public async Task AddAsync_SmoothedRows_IsRefusedAndTheyCanBeAsked()
    {
        var options = new KnnLandmarkEstimator.Options { IdColumnName = "Id", SameLandmarkSmoothing = 0.5 };
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(options).Fit(View(s_rows));
        using PostgresLandmarkIndex index = await LoadAsync(model);

        AssertSame(model, model.WithIndex(index));
        foreach (Func<Task> change in (Func<Task>[])[
            () => index.AddAsync(model, View(s_added)),
            () => index.RemoveAsync(["first1"]),
            () => index.RemoveLandmarksAsync(["1"])])
        {
            Assert.AreEqual($"The rows of the index '{index.Schema}' were drawn towards each other (SameLandmarkSmoothing), so that none "
                + "can come or go by itself. Change the model, and load it anew.",
                await Refusal.OfAsync<InvalidOperationException>(change));
        }
    }

    [TestMethod]
    [DataRow("permutations of one row", 1)]
    [DataRow("permutations of one row", 2)]
    [DataRow("one row 400 times", 1)]
    [DataRow("one row 400 times", 3)]
    [DataRow("one ulp apart", 1)]
    [DataRow("equal penalties", 1)]
    public async Task Transform_RowsThatAServerCannotRank_AnswersAsInMemory(string kind, int servers)
    {
        var random = new Random(4);
        float[] one = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.3f)];
        float[] constant = [.. Enumerable.Repeat(1f, Dimension)];
        LabeledRow[] rows = [.. Enumerable.Range(0, 600).Select(i => new LabeledRow
        {
            Id = $"row{i}",
            Label = i % 4 == 3 ? -1 : i % 23,
            Features = kind switch
            {
                "permutations of one row" => Shuffled(one),
                "one row 400 times" => i % 3 < 2 ? one : Any(),
                "one ulp apart" => [.. one.Select(value => random.Next(3) == 0 ? MathF.BitIncrement(value) : value)],
                // Landmarks stand at right angles to all non-landmarks.
                _ => [.. Any().Select((value, place) => place == 0 == (i % 4 == 3) ? value : 0)],
            },
        })];
        LabeledRow[] queries = [.. ((float[][])[constant, one, .. Enumerable.Range(0, 6).Select(_ => Any())])
            .Concat(rows.Take(12).Select(row => row.Features)).Select(features => new LabeledRow { Features = features })];

        await AssertSameAsync(Options, rows, servers, queries);

        float[] Any() => [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.3f)];

        float[] Shuffled(float[] values)
        {
            float[] copy = [.. values];
            random.Shuffle(copy);
            return copy;
        }
    }

    private static async Task AssertSameAsync(
        KnnLandmarkEstimator.Options options, LabeledRow[] rows, int servers, LabeledRow[]? queries = null)
    {
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(options).Fit(View(rows));
        using PostgresLandmarkIndex index = await LoadAsync(model, await SharedServer.SourcesAsync(servers));
        ITransformer shared = model.WithIndex(index);

        AssertSame(model, shared, queries);
        AssertSame(model, shared, (queries ?? s_queries)[..1]);
        await index.AddAsync(shared, View(s_added));
        AssertSame(model.With(View(s_added)), shared, queries);
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }

    private static void AssertSame(ITransformer model, ITransformer shared, LabeledRow[]? queries = null)
    {
        IDataView asked = View(queries ?? s_queries);
        ViewReader.AssertSameRows(model.Transform(asked).AllRows(), shared.Transform(asked).AllRows());
    }
}
