using Microsoft.ML.Landmarks.Tests;
using Microsoft.ML.Landmarks.Tests.Search;
using Microsoft.ML.Landmarks.Tests.Voting;

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
}
