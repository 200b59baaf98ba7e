using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>What a server says of its part of an index.</summary>
/// <param name="Identity">What tells it from one that is made anew in a schema of the same name; that of all servers.</param>
/// <param name="Dimension">Values of a row.</param>
/// <param name="PenaltyNeighbors">How many non-landmarks make the penalty of a row, where there are so many.</param>
/// <param name="Fingerprint">What tells its rows from those of other models.</param>
/// <param name="LabelType">Int32, Int64 or text.</param>
/// <param name="HasIds">Whether landmark rows have ids.</param>
/// <param name="HasNonLandmarkIds">Whether non-landmarks have ids.</param>
/// <param name="IsSmoothed">Whether landmark rows were drawn towards each other, so that none can come or go.</param>
/// <param name="NonLandmarkLabel">The label of a non-landmark, as text.</param>
/// <param name="Server">Which of the servers it is, from 0.</param>
/// <param name="ServerCount">How many servers hold the index.</param>
/// <param name="IsLoaded">Whether a model's rows are there.</param>
/// <param name="Landmarks">How many landmark rows the server has.</param>
/// <param name="NonLandmarks">How many non-landmarks it has.</param>
/// <param name="Epoch">Raised by each change, on all servers.</param>
/// <param name="Changes">How many changes there were since the rows of a model were put in.</param>
/// <param name="Labels">How many landmarks have a label, of which some may have no row any more.</param>
internal sealed record IndexHeader(Guid Identity, int Dimension, int PenaltyNeighbors, string Fingerprint, string LabelType,
    bool HasIds, bool HasNonLandmarkIds, bool IsSmoothed, string NonLandmarkLabel, int Server, int ServerCount, bool IsLoaded,
    long Landmarks, long NonLandmarks, long Epoch, long Changes, int Labels)
{
    /// <summary>Reads it, in the transaction of the connection where there is one.</summary>
    /// <exception cref="InvalidOperationException">The index is of another format.</exception>
    public static async Task<IndexHeader> ReadAsync(NpgsqlConnection connection, IndexTables tables, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select format, dimension, penalty_neighbors, fingerprint, label_type, has_ids, has_non_landmark_ids, is_smoothed,
              non_landmark_label, server, servers, is_loaded, landmarks, non_landmarks, epoch, changes, identity,
              (select coalesce(max(number) + 1, 0) from {tables.Labels})
            from {tables.Index}
            """, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw Errors.NoIndex(tables.Name);
        if (reader.GetInt32(0) != IndexTables.Format)
            throw Errors.OtherFormat(tables.Name, reader.GetInt32(0), IndexTables.Format);
        return new IndexHeader(reader.GetGuid(16), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
            reader.GetBoolean(5), reader.GetBoolean(6), reader.GetBoolean(7), reader.GetString(8), reader.GetInt32(9),
            reader.GetInt32(10), reader.GetBoolean(11), reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14),
            reader.GetInt64(15), reader.GetInt32(17));
    }
}
