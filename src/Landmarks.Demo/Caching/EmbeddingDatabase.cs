using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Landmarks.Demo.Caching;

/// <summary>
/// Embeddings in an SQLite file, which several processes at once may use and a killed one leaves whole. It is bounded: what was used
/// longest ago gives way, but for what is used by who has opened it.
/// </summary>
/// <remarks>
/// Each embedding has a checksum with it, so that none is taken for another's, whatever has become of the file. All members throw
/// <see cref="SqliteException"/> where the file fails them.
/// </remarks>
internal sealed class EmbeddingDatabase : IDisposable
{
    // "LmEm", and the layout of the tables.
    private const int ApplicationId = 0x4C6D456D, Format = 1;

    // Three embeddings of 1,280 values a page, with next to no space left over.
    private const int PageSize = 16_384;

    private const int ChecksumLength = 16;

    // The indexes and what pages leave free, for each embedding; pages that are filled in part, for all that are added.
    private const int BytesOfEntry = 256, BytesOfPages = 6 * PageSize;

    // Embeddings that give way in one transaction, whose journal holds their pages.
    private const int MostEvicted = 1024;

    // Another process holds the file for moments, unless it was stopped in one.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SqliteConnection _connection;
    private readonly long _mostBytes;
    private readonly long _use;

    /// <param name="file">The file; it is made where it is missing, for its user alone: embeddings tell what photographs show.</param>
    /// <param name="mostBytes">How long it may become.</param>
    /// <exception cref="IOException">The file can't be made, or is of another program or of a newer version.</exception>
    public EmbeddingDatabase(string file, long mostBytes)
    {
        CreateFile(file);
        _mostBytes = mostBytes;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = (int)s_patience.TotalSeconds,
        }.ToString());
        try
        {
            _connection.Open();
            // The journal is the usual one: a write-ahead log needs memory that its users share, and a home may lie on another machine.
            Execute("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;");
            if (!IsMine())
                CreateTables();
            _use = Number("SELECT COALESCE(MAX(used), 0) + 1 FROM entry;");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Looks for embeddings.</summary>
    /// <param name="keys">Theirs; null for none.</param>
    /// <param name="dimension">How many values they have.</param>
    /// <param name="mostPixels">The most pixels that their photographs may have.</param>
    /// <param name="found">Gets those that are there.</param>
    /// <returns>What <see cref="Write"/> is to be told of those that are used.</returns>
    public List<long> Find(IReadOnlyList<byte[]?> keys, int dimension, int mostPixels, float[]?[] found)
    {
        List<long> used = [];
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: true);
        // What was read under a lower limit of pixels has no more of them.
        using SqliteCommand command = Command(
            "SELECT entry.id, value FROM entry JOIN embedding USING (id) WHERE key = $key AND pixels <= $pixels;");
        command.Parameters.AddWithValue("$pixels", mostPixels);
        SqliteParameter ofKey = command.Parameters.Add("$key", SqliteType.Blob);
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i] is not { } key)
                continue;
            ofKey.Value = key;
            using SqliteDataReader reader = command.ExecuteReader();
            if (!reader.Read() || Decode(key, reader.GetFieldValue<byte[]>(1), dimension) is not { } embedding)
                continue;
            found[i] = embedding;
            used.Add(reader.GetInt64(0));
        }

        return used;
    }

    /// <summary>Adds embeddings, where there is room for them, and notes which have been used.</summary>
    /// <param name="embeddings">Each with its key.</param>
    /// <param name="mostPixels">The most pixels that their photographs may have.</param>
    /// <param name="used">From <see cref="Find"/>.</param>
    /// <returns>How many were added, and how many gave way to them.</returns>
    public (int Added, int Evicted) Write(IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels,
        IReadOnlyList<long> used)
    {
        int bytesOfEach = BytesOfEntry + (embeddings.Count > 0 ? embeddings[0].Embedding.Length * sizeof(float) : 0);
        long bytes = embeddings.Count == 0 ? 0 : BytesOfPages + (long)embeddings.Count * bytesOfEach;
        using (SqliteTransaction transaction = _connection.BeginTransaction())
        {
            SetUsed(used);
            bool hasRoom = Excess(bytes) <= 0;
            if (hasRoom)
                Insert(embeddings, mostPixels);
            transaction.Commit();
            if (hasRoom)
                return (embeddings.Count, 0);
        }

        // In transactions of their own: the journal of one holds all the pages that it frees.
        int evicted = 0;
        while (Excess(bytes) is > 0 and var excess)
        {
            int more = Evict((int)Math.Min(excess / bytesOfEach + 1, MostEvicted));
            if (more == 0)
                return (0, evicted);
            evicted += more;
        }

        using SqliteTransaction second = _connection.BeginTransaction();
        Insert(embeddings, mostPixels);
        second.Commit();
        return (embeddings.Count, evicted);
    }

    public void Dispose() => _connection.Dispose();

    private static void CreateFile(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (File.Exists(folder))
            throw new IOException(Errors.CacheFolderIsFile);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            new FileStream(file, options).Dispose();
        }
        catch (IOException) when (Path.Exists(file))
        {
            // An earlier run made it; what it is, is told when it is opened.
        }
    }

    /// <returns>False where there is nothing in the file yet.</returns>
    private bool IsMine()
    {
        long id = Number("PRAGMA application_id;"), format = Number("PRAGMA user_version;");
        if (id == 0 && format == 0 && Number("SELECT COUNT(*) FROM sqlite_schema;") == 0)
            return false;
        if (id != ApplicationId)
            throw new IOException(Errors.CacheOfOthers);
        return format == Format ? true : throw new IOException(Errors.CacheIsNewer);
    }

    private void CreateTables()
    {
        // Outside of the transaction, and before it: they have no effect in one, or on a file that has pages.
        Execute($"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL;");
        using SqliteTransaction transaction = _connection.BeginTransaction();
        // Another process may have been faster.
        if (!IsMine())
        {
            Execute($"""
                CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, pixels INTEGER NOT NULL);
                CREATE INDEX entry_used ON entry (used);
                CREATE TABLE embedding (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {Format};
                """);
        }

        transaction.Commit();
    }

    // How many bytes there would be too many, beside pages that are free.
    private long Excess(long added)
        => (Number("PRAGMA page_count;") - Number("PRAGMA freelist_count;")) * Number("PRAGMA page_size;") + added - _mostBytes;

    private void SetUsed(IReadOnlyList<long> used)
    {
        using SqliteCommand command = Command("UPDATE entry SET used = $use WHERE id = $id AND used < $use;");
        command.Parameters.AddWithValue("$use", _use);
        SqliteParameter ofId = command.Parameters.Add("$id", SqliteType.Integer);
        foreach (long id in used)
        {
            ofId.Value = id;
            command.ExecuteNonQuery();
        }
    }

    private void Insert(IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels)
    {
        // It may be there: of another process, read under a higher limit, or damaged.
        using SqliteCommand command = Command("""
            INSERT INTO entry (key, used, pixels) VALUES ($key, $use, $pixels)
                ON CONFLICT (key) DO UPDATE SET used = $use, pixels = MIN(pixels, $pixels) RETURNING id;
            """), ofValue = Command("INSERT OR REPLACE INTO embedding (id, value) VALUES ($id, $value);");
        command.Parameters.AddWithValue("$use", _use);
        command.Parameters.AddWithValue("$pixels", mostPixels);
        SqliteParameter key = command.Parameters.Add("$key", SqliteType.Blob), id = ofValue.Parameters.Add("$id", SqliteType.Integer),
            value = ofValue.Parameters.Add("$value", SqliteType.Blob);
        foreach ((byte[] ofEntry, float[] embedding) in embeddings)
        {
            key.Value = ofEntry;
            id.Value = command.ExecuteScalar();
            value.Value = Encode(ofEntry, embedding);
            ofValue.ExecuteNonQuery();
        }
    }

    /// <returns>How many have given way.</returns>
    private int Evict(int most)
    {
        int evicted = 0;
        using (SqliteTransaction transaction = _connection.BeginTransaction())
        {
            foreach (string table in (string[])["embedding", "entry"])
            {
                using SqliteCommand command = Command($"""
                    DELETE FROM {table} WHERE id IN (SELECT id FROM entry WHERE used < $use ORDER BY used, id LIMIT $most);
                    """);
                command.Parameters.AddWithValue("$use", _use);
                command.Parameters.AddWithValue("$most", most);
                evicted = command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        // Pages that are free are filled again, unless the file is longer than it may be.
        if (Number("PRAGMA page_count;") * Number("PRAGMA page_size;") > _mostBytes)
            Vacuum();
        return evicted;
    }

    // It frees a page for each of its rows that is read.
    private void Vacuum()
    {
        using SqliteCommand command = Command("PRAGMA incremental_vacuum;");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
        }
    }

    private static byte[] Encode(byte[] key, float[] embedding)
        => [.. MemoryMarshal.AsBytes<float>(embedding), .. Checksum(key, MemoryMarshal.AsBytes<float>(embedding))];

    private static float[]? Decode(byte[] key, byte[] value, int dimension)
    {
        if (value.Length != dimension * sizeof(float) + ChecksumLength)
            return null;
        ReadOnlySpan<byte> values = value.AsSpan(0, dimension * sizeof(float));
        return Checksum(key, values).SequenceEqual(value.AsSpan(values.Length)) ? MemoryMarshal.Cast<byte, float>(values).ToArray() : null;
    }

    private static ReadOnlySpan<byte> Checksum(byte[] key, ReadOnlySpan<byte> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(values);
        return hash.GetHashAndReset().AsSpan(0, ChecksumLength);
    }

    private SqliteCommand Command(string text)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        return command;
    }

    private void Execute(string text)
    {
        using SqliteCommand command = Command(text);
        command.ExecuteNonQuery();
    }

    private long Number(string text)
    {
        using SqliteCommand command = Command(text);
        return (long)command.ExecuteScalar()!;
    }
}
