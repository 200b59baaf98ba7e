using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;
using NpgsqlTypes;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Sends rows of one table to a server, by COPY. Rows that were sent are there once it is completed and the transaction
/// committed; of one that is disposed before nothing is left.</summary>
internal sealed class RowImport : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _importer;
    private byte[] _vector = [];

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
        Write(values);
    }

    /// <param name="row">The number of the row.</param>
    /// <param name="id">Its id; null or empty for none.</param>
    /// <param name="values">[d], of unit length.</param>
    public void WriteNonLandmark(long row, string? id, ReadOnlySpan<float> values)
    {
        Begin(row, id);
        Write(values);
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

    // As pgvector receives it: the dimension, two bytes that are not used, and the values. COPY names no types, so bytes are sent as they
    // are; Pgvector's own way, value by value, takes as long as all else that is done here for a row.
    private void Write(ReadOnlySpan<float> values)
    {
        const int Header = 2 * sizeof(short);
        if (_vector.Length != Header + values.Length * sizeof(float))
            _vector = new byte[Header + values.Length * sizeof(float)];
        BinaryPrimitives.WriteInt16BigEndian(_vector, (short)values.Length);
        BinaryPrimitives.ReverseEndianness(
            MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<byte, int>(_vector.AsSpan(Header)));
        _importer.Write(_vector, NpgsqlDbType.Bytea);
    }

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
