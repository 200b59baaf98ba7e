using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Shards;

/// <summary>The folder through which the processes of one fit hand each other what they have made: a file and its manifest for each shard
/// of either kind.</summary>
internal sealed partial class ShardFolder
{
    private const string Table = ".parquet", Manifest = ".json";

    private ShardFolder(string path) => Path = path;

    /// <summary>Its place, as it was named.</summary>
    public string Path { get; }

    /// <summary>The steps that embed, and the schema of the rows that they read.</summary>
    public string StepsFile => System.IO.Path.Join(Path, "steps.zip");

    /// <summary>All that others read.</summary>
    public IEnumerable<string> Files => Enum.GetValues<ShardKind>().SelectMany(kind => Directory.EnumerateFiles(Path,
        $"{EnumWords.Of(kind)}-*-of-*")).Append(StepsFile);

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="JobFailedException">It can't be made, or is a file.</exception>
    public static ShardFolder Create(string path)
    {
        if (File.Exists(path))
            throw Errors.FolderMissing(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.NoShardFolder(path, e.Message, e);
        }

        return new ShardFolder(path);
    }

    /// <exception cref="JobFailedException">It is missing, or is a file.</exception>
    public static ShardFolder Open(string path)
        => Directory.Exists(path) ? new ShardFolder(path) : throw Errors.FolderMissing(path);

    /// <summary>The Parquet file of a shard.</summary>
    public string FileOf(ShardKind kind, LandmarkShard shard) => NameOf(kind, shard) + Table;

    /// <summary>What stands beside it.</summary>
    public string ManifestOf(ShardKind kind, LandmarkShard shard) => NameOf(kind, shard) + Manifest;

    /// <summary>The command that makes a shard, or all as one, as messages advise it.</summary>
    public string CommandOf(ShardKind kind, LandmarkShard? shard = null)
        => $"landmarks {(kind == ShardKind.Embeddings ? "embed" : "penalties")} --folder '{Path.Replace("'", @"'\''")}'"
            + (shard is null ? "" : $" --shard {shard}");

    /// <summary>Begins a shard, which no other process can begin from then on until this is disposed.</summary>
    /// <exception cref="JobFailedException">Another one is at work on it, or there are shards of another number of them.</exception>
    /// <exception cref="IOException">Nothing can be written to the folder.</exception>
    public ShardOutput Begin(Session session, ShardKind kind, LandmarkShard shard)
    {
        int[] counts = [.. CountsOf(kind).Where(count => count != shard.Count)];
        if (counts.Length > 0)
            throw Errors.OtherShards(Path, EnumWords.Of(kind), $"{shard}", counts[0], ShardsOf(kind, counts[0]).Count());
        try
        {
            return new ShardOutput(session, this, kind, shard);
        }
        catch (FileAtWorkException e)
        {
            throw Errors.ShardAtWork($"{shard}", Path, e);
        }
    }

    /// <summary>All shards, each of which has a manifest; none is read.</summary>
    /// <exception cref="JobFailedException">One is missing, or there are shards of several numbers of them.</exception>
    public IReadOnlyList<LandmarkShard> List(ShardKind kind)
    {
        int[] counts = [.. CountsOf(kind)];
        if (counts.Length == 0)
            throw Errors.NoShards(Path, EnumWords.Of(kind), CommandOf(kind));
        if (counts.Length > 1)
            throw Errors.ShardsOfSeveralCounts(Path, EnumWords.Of(kind), counts[0], counts[^1]);
        int count = counts[0];
        LandmarkShard[] found = [.. ShardsOf(kind, count).OrderBy(shard => shard.Number)];
        if (found.Length == count)
            return found;
        // They may be said to be more than a list can hold.
        int first = 1 + found.TakeWhile((shard, place) => shard.Number == place + 1).Count();
        throw Errors.ShardsMissing(Path, EnumWords.Of(kind), count - found.Length, count,
            CommandOf(kind, new LandmarkShard(first, count)));
    }

    /// <summary>The manifests of all shards, in order, each read when it is asked for, and its file with it.</summary>
    /// <exception cref="JobFailedException">One is missing or not as it was written, or there are shards of several numbers of
    /// them.</exception>
    public IEnumerable<T> ReadAll<T>(ShardKind kind, IProgressBoard board, CancellationToken cancellation) where T : ShardManifest
    {
        IReadOnlyList<LandmarkShard> all = List(kind);
        IProgress<long> progress = board.Add("Checked files", all.Count);
        foreach (LandmarkShard shard in all)
        {
            T manifest = TryRead<T>(kind, shard, out string? problem)
                ?? throw Errors.ShardDamaged(ManifestOf(kind, shard), problem!, CommandOf(kind, shard));
            if (FindDamage(manifest, shard, cancellation) is { } damage)
                throw Errors.ShardDamaged(FileOf(kind, shard), damage, CommandOf(kind, shard));
            progress.Report(shard.Number);
            yield return manifest;
        }
    }

    /// <summary>Checks that shards of embeddings belong to one fit.</summary>
    /// <param name="one">One of them.</param>
    /// <param name="itsFile">Its manifest; null where it is being made.</param>
    /// <param name="other">Another, in this folder.</param>
    /// <exception cref="JobFailedException">They do not.</exception>
    public void RequireAlike(EmbeddingManifest one, string? itsFile, EmbeddingManifest other)
    {
        string file = ManifestOf(ShardKind.Embeddings, other.Place);
        if ((one.List, one.LandmarkRows, one.NonLandmarkRows) != (other.List, other.LandmarkRows, other.NonLandmarkRows))
            throw Errors.OtherPhotographs(file, other.Photographs, itsFile, one.Photographs);
        if ((one.Fingerprint, one.Dimension) != (other.Fingerprint, other.Dimension))
            throw Errors.OtherNetwork(file, itsFile);
        if ((one.Best, one.Smoothing) != (other.Best, other.Smoothing))
            throw Errors.OtherBest(file, itsFile);
    }

    /// <summary>The manifests that can be read, of whatever number of shards.</summary>
    /// <exception cref="JobFailedException">One is of a newer version.</exception>
    public IEnumerable<T> ReadReadable<T>(ShardKind kind) where T : ShardManifest
        => AllOf(kind).Select(shard => TryRead<T>(kind, shard, out _)).OfType<T>();

    /// <summary>The manifest of a shard, whose file need not be what it says.</summary>
    /// <param name="kind">What the shard holds.</param>
    /// <param name="shard">Which it is.</param>
    /// <param name="problem">Why it can't be read, in words.</param>
    /// <returns>Null where it can't be read.</returns>
    /// <exception cref="JobFailedException">It is of a newer version.</exception>
    public T? TryRead<T>(ShardKind kind, LandmarkShard shard, out string? problem) where T : ShardManifest
    {
        string file = ManifestOf(kind, shard);
        problem = null;
        try
        {
            using FileStream stream = File.OpenRead(file);
            T? manifest = JsonSerializer.Deserialize<T>(stream, ManifestJson.Text);
            if (manifest?.Format > ShardManifest.NewestFormat)
                throw Errors.NewerShard(file, manifest.Format, ShardManifest.NewestFormat);
            problem = manifest is null ? Errors.ManifestIncomplete
                : manifest.FindOutOfRange() is { } value ? Errors.ManifestValue(value)
                : (manifest.Kind, manifest.Shard, manifest.Shards) != (kind, shard.Number, shard.Count) ? Errors.ManifestOfAnother : null;
            if (problem is null)
                return manifest;
        }
        catch (JsonException e)
        {
            // Of what is JSON it says in which class of this program it does not fit.
            problem = e.InnerException is JsonException ? e.Message
                : e.Path is { Length: > 2 } path ? Errors.ManifestValue(path[2..]) : Errors.ManifestIncomplete;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        return null;
    }

    /// <summary>What is wrong with the file of a shard, in words; null for nothing.</summary>
    public string? FindDamage(ShardManifest manifest, LandmarkShard shard, CancellationToken cancellation)
    {
        string file = FileOf(manifest.Kind, shard);
        if (!File.Exists(file))
            return Errors.ShardFileMissing;
        if (new FileInfo(file).Length is var length && length != manifest.Bytes)
            return Errors.ShardFileLength(length, manifest.Bytes);
        return FileChecksum.Of(file, cancellation).Checksum == manifest.Checksum ? null : Errors.ShardFileChanged;
    }

    private string NameOf(ShardKind kind, LandmarkShard shard) => System.IO.Path.Join(Path, string.Create(CultureInfo.InvariantCulture,
        $"{EnumWords.Of(kind)}-{shard.Number:D5}-of-{shard.Count:D5}"));

    // In order.
    private IEnumerable<int> CountsOf(ShardKind kind) => AllOf(kind).Select(shard => shard.Count).Distinct().Order();

    private IEnumerable<LandmarkShard> ShardsOf(ShardKind kind, int count) => AllOf(kind).Where(shard => shard.Count == count);

    // By their manifests, under the very names that they are given.
    private IEnumerable<LandmarkShard> AllOf(ShardKind kind)
    {
        foreach (string file in Directory.EnumerateFiles(Path, $"{EnumWords.Of(kind)}-*-of-*{Manifest}"))
        {
            Match numbers = Numbers().Match(System.IO.Path.GetFileNameWithoutExtension(file));
            if (LandmarkShard.TryParse($"{numbers.Groups[1]}/{numbers.Groups[2]}", out LandmarkShard shard)
                && System.IO.Path.GetFileName(ManifestOf(kind, shard)) == System.IO.Path.GetFileName(file))
                yield return shard;
        }
    }

    [GeneratedRegex("-0*([0-9]+)-of-0*([0-9]+)$")]
    private static partial Regex Numbers();
}
