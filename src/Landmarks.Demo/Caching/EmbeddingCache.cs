using Landmarks.Demo.Output;

namespace Landmarks.Demo.Caching;

/// <summary>Embeddings of earlier runs. Where they can't be had or kept, that costs time alone: a warning tells of it, once.</summary>
internal sealed class EmbeddingCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MessageLog _log;
    private readonly string _file;
    private readonly List<long> _used = [];
    private EmbeddingDatabase? _database;
    private long _added, _evicted;
    private bool _isReadOnly;

    private EmbeddingCache(CacheSettings settings, MessageLog log)
    {
        _log = log;
        _file = Path.Join(Path.GetFullPath(settings.Folder), "embeddings.db");
        Try(() => _database = new EmbeddingDatabase(_file, settings.MostBytes), Fail);
    }

    /// <summary>How many photographs were looked for.</summary>
    public long Asked { get; private set; }

    /// <summary>How many of them were there.</summary>
    public long Found { get; private set; }

    /// <returns>Null where it can't be used.</returns>
    public static EmbeddingCache? TryOpen(CacheSettings settings, MessageLog log)
        => new EmbeddingCache(settings, log) is { _database: not null } cache ? cache : null;

    /// <summary>Looks for embeddings.</summary>
    /// <param name="keys">Theirs; null for none.</param>
    /// <param name="dimension">How many values they have.</param>
    /// <param name="mostPixels">The most pixels that their photographs may have.</param>
    /// <returns>Null where there is none.</returns>
    public float[]?[] Find(IReadOnlyList<byte[]?> keys, int dimension, int mostPixels)
    {
        var found = new float[]?[keys.Count];
        lock (_lock)
        {
            Try(() => _used.AddRange(_database?.Find(keys, dimension, mostPixels, found) ?? []), Fail);
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
            if (_database is { } database && !_isReadOnly && embeddings.Count + _used.Count > 0)
                Try(() => Write(database, embeddings, mostPixels), FailToWrite);
            _used.Clear();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (Asked > 0)
                _log.Tell($"Embeddings in '{_file}': {Found} of {Asked} found, {_added} added, {_evicted} gave way, used longest ago.");
            Close();
        }
    }

    private void Write(EmbeddingDatabase database, IReadOnlyList<(byte[] Key, float[] Embedding)> embeddings, int mostPixels)
    {
        (int added, int evicted) = database.Write(embeddings, mostPixels, _used);
        (_added, _evicted) = (_added + added, _evicted + evicted);
    }

    private static void Try(Action action, Action<Exception> fail)
    {
        try
        {
            action();
        }
        // Whatever it is: no job depends on its cache.
        catch (Exception e)
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
