using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Landmarks.Demo.Output;
using Microsoft.Data.Sqlite;

namespace Landmarks.Demo.Caching;

/// <summary>
/// Embeddings of earlier runs, in an SQLite database, which several runs at once may use and a killed one leaves whole. It is bounded: what
/// was used longest ago gives way, but for what this run has used, so that a run never pushes out what its repetition will ask for first.
/// </summary>
/// <remarks>
/// A cache that fails costs time alone: a warning tells of it, once, and nothing is found or kept from then on. Each embedding has a
/// checksum with it, so that none is taken for another's, whatever has become of the file.
/// </remarks>
internal sealed class EmbeddingCache : IDisposable
{
    // "LmEm", and the layout of the tables.
    private const int ApplicationId = 0x4C6D456D, Format = 1;

    // Three embeddings of 1,280 values a page, with next to no space left over.
    private const int PageSize = 16_384;

    private const int ChecksumLength = 16;

    // The indexes and what pages leave free, for each embedding; pages that are filled in part, for all.
    private const int BytesOfEntry = 256, BytesOfTables = 6 * PageSize;

    // Embeddings that give way in one transaction, whose journal holds their pages.
    private const int MostEvicted = 1024;

    // Another run holds the file for moments, unless it was stopped in one.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly MessageLog _log;
    private readonly string _file;
    private readonly long _mostBytes;
    private readonly List<long> _used = [];
    private SqliteConnection? _database;
    private long _thisUse;
    private long _added;
    private bool _isReadOnly;

    private EmbeddingCache(CacheSettings settings, MessageLog log)
    {
        _log = log;
        _mostBytes = settings.MostBytes;
        _file = Path.Join(Path.GetFullPath(settings.Folder), "embeddings.db");
    }

    /// <summary>How many photographs were looked for.</summary>
    public long Asked { get; private set; }

    /// <summary>How many of them were there.</summary>
    public long Found { get; private set; }

    /// <returns>Null where it can't be used; a warning says why.</returns>
    public static EmbeddingCache? TryOpen(CacheSettings settings, MessageLog log)
    {
        var cache = new EmbeddingCache(settings, log);
        Try(cache.Open, cache.Fail);
        return cache._database is null ? null : cache;
    }

    /// <summary>Looks for embeddings.</summary>
    /// <param name="keys">Theirs, of <see cref="SHA256.HashSizeInBytes"/> bytes; null for none.</param>
    /// <param name="dimension">How many values they have.</param>
    /// <param name="mostPixels">The most pixels that their photographs may have.</param>
    /// <returns>Null where there is none.</returns>
    public float[]?[] Find(IReadOnlyList<byte[]?> keys, int dimension, int mostPixels)
    {
        var found = new float[]?[keys.Count];
        lock (_lock)
        {
            if (_database is not null)
                Try(() => Find(keys, dimension, mostPixels, found), Fail);
            Asked += keys.Count;
            Found += found.Count(embedding => embedding is not null);
        }

        return found;
    }

    /// <summary>Keeps embeddings, and that those which were found have been used.</summary>
    /// <param name="embeddings">Each with its key.</param>
    /// <param name="mostPixels">The most pixels that their photographs may have.</param>
    public void Add(IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels)
    {
        lock (_lock)
        {
            if (_database is not null && !_isReadOnly && embeddings.Count + _used.Count > 0)
                Try(() => Write(embeddings, mostPixels), FailToWrite);
            _used.Clear();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_database is not null)
                _log.Tell($"Cache of embeddings: {Found} of {Asked} found, {_added} added.");
            Close();
        }
    }

    private void Open()
    {
        string folder = Path.GetDirectoryName(_file)!;
        if (File.Exists(folder))
            throw new IOException(Errors.CacheFolderIsFile);
        // For its user alone: embeddings tell what photographs show.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        CreateFile();
        _database = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = (int)s_patience.TotalSeconds,
        }.ToString());
        _database.Open();
        // A rollback journal, not a write-ahead log: that needs memory which its users share, and a home may lie on another machine.
        Execute("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;");
        if (!IsMine())
        {
            Execute($"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL;");
            using SqliteTransaction transaction = _database.BeginTransaction();
            // Another run may have been faster.
            if (!IsMine())
                CreateTables();
            transaction.Commit();
        }

        _thisUse = Number("SELECT COALESCE(MAX(used), 0) + 1 FROM entry;");
        _log.Tell($"Cache of embeddings: '{_file}', {LiveBytes:N0} of {_mostBytes:N0} bytes.");
    }

    private void CreateFile()
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(_file, options).Dispose();
        }
        catch (IOException) when (Path.Exists(_file))
        {
            // An earlier run made it, or the database will tell what it is.
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

    private void CreateTables() => Execute($"""
        CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, pixels INTEGER NOT NULL);
        CREATE INDEX entry_used ON entry (used);
        CREATE TABLE embedding (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Format};
        """);

    private void Find(IReadOnlyList<byte[]?> keys, int dimension, int mostPixels, float[]?[] found)
    {
        using SqliteTransaction transaction = _database!.BeginTransaction(deferred: true);
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
            if (reader.Read() && Decode(key, reader.GetFieldValue<byte[]>(1), dimension) is { } embedding)
            {
                found[i] = embedding;
                _used.Add(reader.GetInt64(0));
            }
        }
    }

    private void Write(IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels)
    {
        int bytesOfEach = BytesOfEntry + (embeddings.Count > 0 ? embeddings[0].Embedding.Length * sizeof(float) : 0);
        long bytes = (long)embeddings.Count * bytesOfEach;
        using (SqliteTransaction transaction = _database!.BeginTransaction())
        {
            SetUsed();
            bool hasRoom = Excess(bytes) <= 0;
            if (hasRoom)
                Insert(embeddings, mostPixels);
            transaction.Commit();
            if (hasRoom)
                return;
        }

        // In transactions of their own: the journal of one holds all the pages that it frees.
        while (Excess(bytes) is > 0 and var excess)
        {
            if (Evict((int)Math.Min(excess / bytesOfEach + 1, MostEvicted)) > 0)
                continue;
            _log.Tell($"Cache of embeddings: {embeddings.Count} are more than it holds beside those of this run.");
            return;
        }

        using SqliteTransaction second = _database.BeginTransaction();
        Insert(embeddings, mostPixels);
        second.Commit();
    }

    // How many bytes there would be too many.
    private long Excess(long added) => LiveBytes + BytesOfTables + added - _mostBytes;

    private void SetUsed()
    {
        using SqliteCommand command = Command("UPDATE entry SET used = $use WHERE id = $id AND used < $use;");
        command.Parameters.AddWithValue("$use", _thisUse);
        SqliteParameter ofId = command.Parameters.Add("$id", SqliteType.Integer);
        foreach (long id in _used)
        {
            ofId.Value = id;
            command.ExecuteNonQuery();
        }
    }

    private void Insert(IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels)
    {
        // It may be there: of another run, read under a higher limit, or damaged.
        using SqliteCommand command = Command("""
            INSERT INTO entry (key, used, pixels) VALUES ($key, $use, $pixels)
                ON CONFLICT (key) DO UPDATE SET used = $use, pixels = MIN(pixels, $pixels) RETURNING id;
            """), ofValue = Command("INSERT OR REPLACE INTO embedding (id, value) VALUES ($id, $value);");
        command.Parameters.AddWithValue("$use", _thisUse);
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

        _added += embeddings.Count;
    }

    /// <returns>How many have given way.</returns>
    private int Evict(int most)
    {
        const string Oldest = "(SELECT id FROM entry WHERE used < $use ORDER BY used, id LIMIT $most)";
        using SqliteTransaction transaction = _database!.BeginTransaction();
        int evicted = 0;
        foreach (string table in (string[])["embedding", "entry"])
        {
            using SqliteCommand command = Command($"DELETE FROM {table} WHERE id IN {Oldest};");
            command.Parameters.AddWithValue("$use", _thisUse);
            command.Parameters.AddWithValue("$most", most);
            evicted = command.ExecuteNonQuery();
        }

        transaction.Commit();
        // Free pages are filled again, unless the file is longer than it may be.
        if (Number("PRAGMA page_count;") * PageSizeOfFile > _mostBytes)
            Vacuum();
        if (evicted > 0)
            _log.Tell($"Cache of embeddings: {evicted} gave way, used longest ago.");
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

    private long LiveBytes => (Number("PRAGMA page_count;") - Number("PRAGMA freelist_count;")) * PageSizeOfFile;

    private long PageSizeOfFile => Number("PRAGMA page_size;");

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
        SqliteCommand command = _database!.CreateCommand();
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

    private static void Try(Action action, Action<Exception> fail)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException
            or TypeInitializationException)
        {
            fail(e);
        }
    }

    private void Fail(Exception e)
    {
        _log.Warn(Errors.CacheUnusable(_file, e));
        Close();
    }

    // What is there can be read all the same.
    private void FailToWrite(Exception e)
    {
        _log.Warn(Errors.CacheNotWritten(_file, e));
        _isReadOnly = true;
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }
}
