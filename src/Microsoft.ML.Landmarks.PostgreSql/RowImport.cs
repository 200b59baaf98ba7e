using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Sends rows of one table to a server, by COPY. Rows that were sent are there once it is completed and the transaction
/// committed; of one that is disposed before nothing is left.</summary>
internal sealed class RowImport : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _importer;

    private RowImport(NpgsqlBinaryImporter importer) => _importer = importer;

    public static Task<RowImport> OfLandmarksAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
        => BeginAsync(connection, $"{tables.Landmarks} (row, id, landmark, penalty, near, near_row, v)", cancellation);

    public static Task<RowImport> OfNonLandmarksAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
        => BeginAsync(connection, $"{tables.NonLandmarks} (row, id, v)", cancellation);

    public static Task<RowImport> OfLabelsAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
        => BeginAsync(connection, $"{tables.Labels} (number, label)", cancellation);

    // Values are written synchronously: twice as fast as waiting for each, and what is sent goes out in blocks.

    /// <param name="row">The number of the row.</param>
    /// <param name="id">Its id; null or empty for none.</param>
    /// <param name="landmark">The number of its label.</param>
    /// <param name="penalty">The mean of the cosines of <paramref name="nearest"/>.</param>
    /// <param name="nearest">The non-landmarks that make its penalty, best first.</param>
    /// <param name="values">[d], of unit length.</param>
    public void WriteLandmark(
        long row, string? id, int landmark, double penalty, ReadOnlySpan<NonLandmarkNeighbor> nearest, ReadOnlySpan<float> values)
    {
        Begin(row, id);
        _importer.Write(landmark, NpgsqlDbType.Integer);
        _importer.Write(penalty, NpgsqlDbType.Double);
        var cosines = new double[nearest.Length];
        var others = new long[nearest.Length];
        for (int i = 0; i < nearest.Length; i++)
            (cosines[i], others[i]) = (nearest[i].Cosine, nearest[i].Row);
        _importer.Write(cosines, NpgsqlDbType.Array | NpgsqlDbType.Double);
        _importer.Write(others, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        _importer.Write(new Vector(values.ToArray()));
    }

    /// <param name="row">The number of the row.</param>
    /// <param name="id">Its id; null or empty for none.</param>
    /// <param name="values">[d], of unit length.</param>
    public void WriteNonLandmark(long row, string? id, ReadOnlySpan<float> values)
    {
        Begin(row, id);
        _importer.Write(new Vector(values.ToArray()));
    }

    /// <param name="number">The number of a landmark.</param>
    /// <param name="label">Its label, as text.</param>
    public void WriteLabel(int number, string label)
    {
        _importer.StartRow();
        _importer.Write(number, NpgsqlDbType.Integer);
        _importer.Write(label, NpgsqlDbType.Text);
    }

    public async Task CompleteAsync(CancellationToken cancellation) => await _importer.CompleteAsync(cancellation);

    public ValueTask DisposeAsync() => _importer.DisposeAsync();

    private static async Task<RowImport> BeginAsync(NpgsqlConnection connection, string into, CancellationToken cancellation)
        => new(await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)", cancellation));

    private void Begin(long row, string? id)
    {
        _importer.StartRow();
        _importer.Write(row, NpgsqlDbType.Bigint);
        if (string.IsNullOrEmpty(id))
            _importer.WriteNull();
        else
            _importer.Write(id, NpgsqlDbType.Text);
    }
}
