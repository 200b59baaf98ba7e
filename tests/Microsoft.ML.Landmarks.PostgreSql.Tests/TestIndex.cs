using Microsoft.ML.Landmarks.Tests.Voting;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Small models whose rows are put into an index of their own.</summary>
internal static class TestIndex
{
    public const int Dimension = 12;

    /// <summary>All columns that an index can show.</summary>
    public static KnnLandmarkEstimator.Options Options { get; } = new(AllAnswerColumns.Options)
    {
        IdColumnName = "Id",
        ScoresColumnName = null,
        NumberOfTopLandmarks = 4,
        TopLabelsColumnName = "TopLabels",
        TopScoresColumnName = "TopScores",
    };

    public static MLContext Context { get; } = new(seed: 1);

    /// <summary>Rows of whole numbers, so that some are alike.</summary>
    /// <param name="random">Makes them.</param>
    /// <param name="count">How many.</param>
    /// <param name="prefix">What their ids begin with.</param>
    /// <param name="nonLandmarks">The share of non-landmarks.</param>
    public static IEnumerable<LabeledRow> Rows(Random random, int count, string prefix, double nonLandmarks)
        => Enumerable.Range(0, count).Select(i => new LabeledRow
        {
            Id = $"{prefix}{i}",
            Label = random.NextDouble() < nonLandmarks ? -1 : random.Next(12),
            Features = [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.Next(-2, 3))],
        });

    public static IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(Context, rows, Dimension);

    public static KnnLandmarkTransformer Fit(IEnumerable<LabeledRow> rows)
        => Context.Transforms.KnnLandmark(Options).Fit(View(rows));

    /// <summary>An index with a model's rows, in a schema that no other test has.</summary>
    public static async Task<PostgresLandmarkIndex> LoadAsync(ITransformer model, params NpgsqlDataSource[] sources)
    {
        string schema = SharedServer.NewSchema();
        NpgsqlDataSource[] servers = sources.Length > 0 ? sources : [await SharedServer.Source];
        await PostgresLandmarkIndex.CreateAsync(servers, schema, model);
        return await PostgresLandmarkIndex.LoadAsync(servers, schema, model);
    }
}
