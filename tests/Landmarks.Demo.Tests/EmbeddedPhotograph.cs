using DuckDB.NET.Data;

namespace Landmarks.Demo.Tests;

/// <summary>A row of a file of embeddings, as another program reads it: DuckDB.</summary>
/// <param name="Row">Its place among all rows.</param>
/// <param name="Id">The photograph's id.</param>
/// <param name="Label">Int32 or text.</param>
/// <param name="Embedding">The bits of its values; null where there is none.</param>
internal sealed record EmbeddedPhotograph(long Row, string Id, object Label, IReadOnlyList<int>? Embedding)
{
    /// <summary>The rows of files in the order in which they stand there.</summary>
    /// <param name="files">A file, or a pattern of several, of which one comes after another.</param>
    public static EmbeddedPhotograph[] Read(string files)
        => Ask("SELECT row, id, label, embedding FROM read_parquet($files)", files, row => new EmbeddedPhotograph(row.GetInt64(0),
            row.GetString(1), row.GetValue(2), row.IsDBNull(3) ? null
                : [.. ((List<float>)row.GetValue(3)).Select(BitConverter.SingleToInt32Bits)]));

    /// <summary>In how many groups the rows of a file stand.</summary>
    public static long CountGroups(string file)
        => Ask("SELECT num_row_groups FROM parquet_file_metadata($files)", file, row => row.GetInt64(0)).Single();

    private static T[] Ask<T>(string question, string files, Func<DuckDBDataReader, T> read)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = question;
        command.Parameters.Add(new DuckDBParameter("files", files));
        using DuckDBDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
            rows.Add(read(reader));
        return [.. rows];
    }
}
