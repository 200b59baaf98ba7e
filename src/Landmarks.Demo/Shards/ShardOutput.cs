using System.Text.Json;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Shards;

/// <summary>
/// A shard that is being written, and held from first to last: by the manifest, which comes last. A process that is killed leaves what the
/// next one takes over.
/// </summary>
internal sealed class ShardOutput : IDisposable
{
    private readonly Session _session;
    private readonly ShardFolder _folder;
    private readonly ShardKind _kind;
    private readonly LandmarkShard _shard;
    private readonly OutputFile _manifest;
    private OutputFile? _file;

    /// <exception cref="FileAtWorkException">Another process holds it.</exception>
    public ShardOutput(Session session, ShardFolder folder, ShardKind kind, LandmarkShard shard)
    {
        (_session, _folder, _kind, _shard) = (session, folder, kind, shard);
        _manifest = session.CreateOutput(folder.ManifestOf(kind, shard), []);
    }

    /// <summary>The manifest, where an earlier run has made the shard and its file is whole; else a warning tells why it does not
    /// count.</summary>
    public T? FindComplete<T>() where T : ShardManifest
    {
        if (!File.Exists(_folder.ManifestOf(_kind, _shard)))
            return null;
        if (_folder.TryRead<T>(_kind, _shard, out string? problem) is not { } manifest)
            _session.Log.Warn(Errors.ShardMadeAgain(_folder.ManifestOf(_kind, _shard), problem!));
        else if (_folder.FindDamage(manifest, _shard, _session.Cancellation) is { } damage)
            _session.Log.Warn(Errors.ShardMadeAgain(_folder.FileOf(_kind, _shard), damage));
        else
            return manifest;
        return null;
    }

    /// <summary>Begins the file.</summary>
    /// <param name="length">Its length at the most.</param>
    /// <exception cref="IOException">It can't be written, or has no room.</exception>
    public OutputFile BeginFile(long length)
    {
        _file = _session.CreateOutput(_folder.FileOf(_kind, _shard), []);
        _file.Require(length);
        return _file;
    }

    /// <summary>Puts the file in its place, and then the manifest.</summary>
    /// <param name="manifest">Without what is known of the file when it is in its place.</param>
    public void Commit(ShardManifest manifest)
    {
        _file!.Commit();
        (long bytes, string checksum) = FileChecksum.Of(_folder.FileOf(_kind, _shard), _session.Cancellation);
        JsonSerializer.Serialize(_manifest.Stream, manifest with { Bytes = bytes, Checksum = checksum }, manifest.GetType(),
            ManifestJson.Text);
        _manifest.Commit();
    }

    public void Dispose()
    {
        _file?.Dispose();
        _manifest.Dispose();
    }
}
