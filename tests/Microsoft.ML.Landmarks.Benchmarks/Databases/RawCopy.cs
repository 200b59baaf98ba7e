using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Landmarks.PostgreSql;
using Microsoft.ML.Landmarks.Voting.Index;
using Npgsql;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>The rows of a model as the bytes of a binary COPY, by hand and with nothing around it: the least that sending them
/// takes.</summary>
internal sealed class RawCopy
{
    private const int Int64Array = 20, DoubleArray = 701;

    private static readonly byte[] s_signature = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8];

    private readonly Stream _stream;
    private readonly byte[] _row;
    private int _length;

    private RawCopy(Stream stream, int dimension) => (_stream, _row) = (stream, new byte[4 * dimension + (1 << 12)]);

    /// <summary>Sends all rows, in one transaction, into tables that are there and empty.</summary>
    public static async Task LoadAsync(NpgsqlDataSource source, string schema, IndexRows rows)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        IndexTables tables = await IndexTables.OfAsync(connection, schema, CancellationToken.None);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        Gallery gallery = rows.Gallery;
        await SendAsync(connection, $"{tables.NonLandmarks} (row, id, v)", gallery, copy =>
        {
            for (int row = 0; row < gallery.NonLandmarks.Count; row++)
            {
                copy.Begin(3, row, gallery.NonLandmarkIds![row]);
                copy.End(gallery.NonLandmarks[row]);
            }
        });
        await SendAsync(connection, $"{tables.Landmarks} (row, id, landmark, penalty, near, near_row, v)", gallery, copy =>
            rows.VisitLandmarks((row, nearest) =>
            {
                copy.Begin(7, row, gallery.Ids![row]);
                copy.WriteInt32(4);
                copy.WriteInt32(gallery.Labels.LandmarkOfRow[row]);
                copy.WriteInt32(8);
                copy.WriteInt64(BitConverter.DoubleToInt64Bits(gallery.Penalties[row]));
                copy.BeginArray(DoubleArray, nearest.Length);
                foreach (NonLandmarkNeighbor neighbor in nearest)
                    copy.WriteElement(BitConverter.DoubleToInt64Bits(neighbor.Cosine));
                copy.BeginArray(Int64Array, nearest.Length);
                foreach (NonLandmarkNeighbor neighbor in nearest)
                    copy.WriteElement(neighbor.Row);
                copy.End(gallery.Landmarks[row]);
            }, CancellationToken.None));
        await transaction.CommitAsync();
    }

    private static async Task SendAsync(NpgsqlConnection connection, string into, Gallery gallery, Action<RawCopy> send)
    {
        await using Stream stream = await connection.BeginRawBinaryCopyAsync($"copy {into} from stdin (format binary)");
        var copy = new RawCopy(stream, gallery.Landmarks.Dimension);
        // And no flags, and no bytes that extend the header.
        stream.Write([.. s_signature, .. new byte[8]]);
        send(copy);
        stream.Write([0xff, 0xff]);
    }

    private void Begin(short columns, long row, string id)
    {
        BinaryPrimitives.WriteInt16BigEndian(_row, columns);
        _length = sizeof(short);
        WriteInt32(8);
        WriteInt64(row);
        int bytes = Encoding.UTF8.GetBytes(id, _row.AsSpan(_length + sizeof(int)));
        WriteInt32(bytes);
        _length += bytes;
    }

    private void End(ReadOnlySpan<float> values)
    {
        WriteInt32(4 + 4 * values.Length);
        // The dimension, and 16 bits that are not used.
        WriteInt32(values.Length << 16);
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values),
            MemoryMarshal.Cast<byte, int>(_row.AsSpan(_length, 4 * values.Length)));
        _stream.Write(_row, 0, _length + 4 * values.Length);
    }

    private void BeginArray(int type, int count)
    {
        WriteInt32(20 + 12 * count);
        // One dimension, no nulls, the type, how many, the first place.
        foreach (int value in (ReadOnlySpan<int>)[1, 0, type, count, 1])
            WriteInt32(value);
    }

    private void WriteElement(long value)
    {
        WriteInt32(8);
        WriteInt64(value);
    }

    private void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_row.AsSpan(_length), value);
        _length += sizeof(int);
    }

    private void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_row.AsSpan(_length), value);
        _length += sizeof(long);
    }
}
