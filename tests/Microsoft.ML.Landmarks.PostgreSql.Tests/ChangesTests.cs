using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Voting;
using static Microsoft.ML.Landmarks.PostgreSql.Tests.TestIndex;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Rows that come and go leave an index like one of a model that is fitted to the rows that there are, to the bit.</summary>
[TestClass]
public sealed class ChangesTests
{
    [TestMethod]
    [DataRow(1, 3, 1, 5, 5, 10, 1)]
    [DataRow(2, 40, 1, 5, 5, 10, 1)]
    [DataRow(3, 40, 3, 5, 5, 10, 1)]
    [DataRow(4, 4, 2, 5, 5, 10, 1)]
    [DataRow(5, 30, 1, 1, 1, 1, 0.25)]
    [DataRow(6, 30, 2, 300, 300, 300, 3)]
    [DataRow(7, 30, 1, 3, 2, 7, 0)]
    [DataRow(8, 0, 1, 5, 5, 10, 1)]
    public async Task AddAsyncAndRemoveAsync_RandomSequence_AnswersAsTheModelInMemory(int seed, int nonLandmarks, int servers,
        int neighbors, int trainingNeighbors, int queryNeighbors, double weight)
    {
        var random = new Random(seed);
        var options = new KnnLandmarkEstimator.Options(Options)
        {
            NumberOfNeighbors = neighbors,
            NumberOfTrainingPenaltyNeighbors = trainingNeighbors,
            NumberOfQueryPenaltyNeighbors = queryNeighbors,
            TrainingPenaltyWeight = weight,
            AllowNoNonLandmarks = nonLandmarks == 0,
        };
        List<LabeledRow> rows = [.. Rows(random, 60, "first", 0.0), .. Rows(random, nonLandmarks, "none", 1.0)];
        KnnLandmarkTransformer model = Context.Transforms.KnnLandmark(options).Fit(View(rows));
        using PostgresLandmarkIndex index = await LoadAsync(model, await SharedServer.SourcesAsync(servers));
        ITransformer shared = model.WithIndex(index);
        IDataView queries = View([.. Rows(random, 30, "query", 0.2), .. rows.Take(10)]);

        for (int step = 0; step < 14; step++)
        {
            KnnLandmarkTransformer next;
            if (step % 3 < 2)
            {
                LabeledRow[] added = [.. Rows(random, random.Next(1, 9), $"step{step}-", 0.4)];
                bool replace = step % 2 == 1;
                if (replace)
                    added[0].Id = rows[random.Next(rows.Count)].Id;
                next = model.With(View(added), replace);
                LandmarkChange change = await index.AddAsync(shared, View(added), replace);
                Assert.AreEqual(next.Changes[^1] with { Time = change.Time }, change);
                rows.RemoveAll(row => added.Any(other => other.Id == row.Id));
                rows.AddRange(added);
            }
            else if (step == 5)
            {
                string label = $"{rows.First(row => row.Label >= 0).Label}";
                next = model.WithoutLandmarks([label]);
                await index.RemoveLandmarksAsync([label]);
                rows.RemoveAll(row => $"{row.Label}" == label);
            }
            else
            {
                string[] removed = [.. rows.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(row => row.Id)];
                next = model.Without(removed);
                await index.RemoveAsync(removed);
                rows.RemoveAll(row => removed.Contains(row.Id));
            }

            model = next;
            ViewReader.AssertSameRows(model.Transform(queries).AllRows(), shared.Transform(queries).AllRows());
        }

        KnnLandmarkTransformer anew = Context.Transforms.KnnLandmark(options).Fit(View(rows));
        ViewReader.AssertSameRows(anew.Transform(queries).AllRows(), shared.Transform(queries).AllRows());
        Assert.IsTrue((await index.CheckAsync()).IsSound);
    }
}
