using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Several programs write one index while others ask it.</summary>
[TestClass]
public sealed class WritersTests
{
    // A query that stands in the index has the penalty of its row then.
    private static readonly KnnLandmarkEstimator.Options s_options = new()
    {
        IdColumnName = "Id",
        NumberOfQueryPenaltyNeighbors = 5,
        NeighborsColumnName = "Neighbors",
        NeighborPenaltiesColumnName = "Penalties",
        QueryPenaltyColumnName = "Penalty",
    };

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task SixWritersAndTwoReaders_RandomChanges_LeaveTheIndexOfAFit(int servers)
    {
        var random = new Random(7);
        LabeledRow[] first = [.. Rows(random, 80, "first", 0.0), .. Rows(random, 20, "none", 1.0)];
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(s_options).Fit(View(first));
        using PostgresLandmarkIndex index = await LoadAsync(model, await SharedServer.SourcesAsync(servers));
        ITransformer shared = model.WithIndex(index);
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadAsync(index, shared, stop.Token)))];

        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() => WriteAsync(index, shared, writer))));

        stop.Cancel();
        await Task.WhenAll(readers);
        LandmarkIndexCheck check = await index.CheckAsync();
        Assert.IsTrue(check.IsSound, string.Join(' ', [.. check.WrongRows, .. check.Problems]));
        Assert.AreEqual(index.LandmarkRowCount, check.CheckedRowCount);
        Assert.AreEqual(80 + 6 * 4, index.LandmarkRowCount);
        Assert.AreEqual(20 + 6 * 4, index.NonLandmarkRowCount);
    }

    [TestMethod]
    public async Task AddAsync_ALandmarkAndItsTwinAmongTheNonLandmarksAtOnce_KnowOfEachOther()
    {
        KnnLandmarkTransformer model = Fit([.. Rows(new Random(8), 30, "first", 0.3)]);
        using PostgresLandmarkIndex index = await LoadAsync(model);
        ITransformer shared = model.WithIndex(index);

        for (int i = 0; i < 10; i++)
        {
            float[] features = [.. Enumerable.Range(0, Dimension).Select(place => place == i ? 5f : 1)];
            await Task.WhenAll(
                Task.Run(() => index.AddAsync(shared, View([new LabeledRow { Id = $"a{i}", Label = 3, Features = features }]))),
                Task.Run(() => index.AddAsync(shared, View([new LabeledRow { Id = $"b{i}", Label = -1, Features = features }]))));
        }

        Assert.IsEmpty((await index.CheckAsync()).WrongRows);
    }

    // What each leaves: four landmark rows and four non-landmarks.
    private static async Task WriteAsync(PostgresLandmarkIndex index, ITransformer shared, int writer)
    {
        var random = new Random(100 + writer);
        for (int round = 0; round < 4; round++)
        {
            await index.AddAsync(shared, View(Rows(random, 3, $"landmark-{writer}-{round}-", 0)));
            await index.AddAsync(shared, View(Rows(random, 2, $"none-{writer}-{round}-", 1)));
            await index.RemoveAsync([$"landmark-{writer}-{round}-0", $"none-{writer}-{round}-0"]);
            await index.RemoveAsync([$"landmark-{writer}-{round}-1"]);
        }
    }

    private static async Task ReadAsync(PostgresLandmarkIndex index, ITransformer shared, CancellationToken stop)
    {
        LabeledRow[] asked = [.. Rows(new Random(7), 80, "first", 0.0).Take(8)];
        int compared = 0;
        while (!stop.IsCancellationRequested)
        {
            // One pass: another would be of another state.
            IDataView answers = shared.Transform(View(asked));
            object[][] rows = answers.AllRows();
            int neighbors = answers.Schema["Neighbors"].Index, penalties = answers.Schema["Penalties"].Index,
                own = answers.Schema["Penalty"].Index;
            for (int i = 0; i < asked.Length; i++)
            {
                int place = Array.IndexOf((string[])rows[i][neighbors], asked[i].Id);
                if (place < 0)
                    continue;
                compared++;
                Assert.AreEqual(((float[])rows[i][penalties])[place], rows[i][own], $"{asked[i].Id}: rows and penalties of two states.");
            }

            await Task.Yield();
        }

        Assert.IsTrue(compared > 0);
        Assert.IsTrue(index.LandmarkRowCount >= 80);
    }
}
