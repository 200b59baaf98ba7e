using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Landmarks.Tests.Voting.Index;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

[TestClass]
public sealed class PostgresLandmarkIndexTests : LandmarkIndexConformance
{
    // Their penalties are of no fit, so that rows are sent without a model.
    private protected override async Task<LandmarkIndex> CreateAsync(Gallery gallery)
    {
        int dimension = gallery.Landmarks.Dimension;
        string schema = SharedServer.NewSchema();
        NpgsqlDataSource source = await SharedServer.Source;
        await PostgresLandmarkIndex.CreateAsync([source], schema, TestIndex.Context.Transforms.KnnLandmark()
            .Fit(FeatureView.Create(TestIndex.Context, FeatureView.Random(20, dimension, 1), dimension)));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        // The first connection of all may be older than the extension.
        await connection.ReloadTypesAsync();
        IndexTables tables = await IndexTables.OfAsync(connection, schema, CancellationToken.None);
        await using (RowImport import = await RowImport.OfLabelsAsync(connection, tables, CancellationToken.None))
        {
            foreach ((int number, string label) in gallery.Labels.Texts.Index())
                import.WriteLabel(number, label);
            await import.CompleteAsync(CancellationToken.None);
        }

        await using (RowImport import = await RowImport.OfLandmarksAsync(connection, tables, CancellationToken.None))
        {
            for (int row = 0; row < gallery.Landmarks.Count; row++)
                import.WriteLandmark(row, null, gallery.Labels.LandmarkOfRow[row], gallery.Penalties[row], [], gallery.Landmarks[row]);
            await import.CompleteAsync(CancellationToken.None);
        }

        await using (RowImport import = await RowImport.OfNonLandmarksAsync(connection, tables, CancellationToken.None))
        {
            for (int row = 0; row < gallery.NonLandmarks.Count; row++)
                import.WriteNonLandmark(row, null, gallery.NonLandmarks[row]);
            await import.CompleteAsync(CancellationToken.None);
        }

        await connection.ExecuteAsync($"update {tables.Index} set is_loaded = true, landmarks = $1, non_landmarks = $2",
            CancellationToken.None, (long)gallery.Landmarks.Count, (long)gallery.NonLandmarks.Count);
        return await PostgresLandmarkIndex.AttachAsync([source], schema);
    }
}
