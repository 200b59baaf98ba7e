using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>The entries of a model file, to be damaged.</summary>
internal sealed partial class ModelZip
{
    // Fields of ML.NET's ModelHeader, with which each Model.key begins.
    private const int FpModel = 0x10, ModelSignature = 0x40, ModelVerWritten = 0x48, ModelVerReadable = 0x4C;

    private readonly Dictionary<string, byte[]> _entries;

    public ModelZip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        _entries = archive.Entries.ToDictionary(e => e.FullName, Read);
    }

    public IReadOnlyCollection<string> Names => [.. _entries.Keys.Order(StringComparer.Ordinal)];

    public byte[] this[string name] => _entries[name];

    /// <summary>The main entry of the step with this signature of 8 characters.</summary>
    public string MainEntry(string signature)
        => Names.Single(n => n.EndsWith("Model.key", StringComparison.Ordinal) && SignatureOf(n) == signature);

    /// <summary>The entries that lie beside a main entry.</summary>
    public string[] EntriesBeside(string mainEntry)
        => [.. Names.Where(n => n != mainEntry && n.StartsWith(mainEntry[..^"Model.key".Length], StringComparison.Ordinal))];

    /// <summary>The folders of a chain's steps, in their order.</summary>
    public string[] Steps => [.. Names.Select(n => Step().Match(n)).Where(m => m.Success).Select(m => m.Value).Distinct()];

    /// <summary>Whether a step is one of this library.</summary>
    public bool IsOurs(string step) => Signature(step).StartsWith("LM", StringComparison.Ordinal);

    /// <summary>The 8 characters that tell what kind of step lies in a folder.</summary>
    public string Signature(string step) => SignatureOf($"{step}Model.key");

    /// <summary>The file with one entry changed; left out where the change gives null.</summary>
    public byte[] With(string name, Func<byte[], byte[]?> change)
        => Write(_entries.Select(e => (e.Key, e.Key == name ? change([.. e.Value]) : e.Value)));

    /// <summary>The file with the folder of a step in place of one of its own.</summary>
    public byte[] WithStep(string step, ModelZip other, string otherStep) => Write(
        _entries.Where(e => !e.Key.StartsWith(step, StringComparison.Ordinal)).Select(e => (e.Key, (byte[]?)e.Value))
            .Concat(other._entries.Where(e => e.Key.StartsWith(otherStep, StringComparison.Ordinal))
            .Select(e => (step + e.Key[otherStep.Length..], (byte[]?)e.Value))));

    /// <summary>The file with the version of the step's format changed.</summary>
    public byte[] WithVersion(string mainEntry, uint written, uint readable) => With(mainEntry, bytes =>
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ModelVerWritten), written);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ModelVerReadable), readable);
        return bytes;
    });

    /// <summary>Where a step's own bytes begin in its main entry: their length (Int32), their SHA-256, then the values.</summary>
    public int PartStart(string mainEntry) => (int)BinaryPrimitives.ReadInt64LittleEndian(_entries[mainEntry].AsSpan(FpModel));

    /// <summary>The file with the values of a step changed, and a checksum that agrees with them: what damage can't make, but a program
    /// can.</summary>
    public byte[] WithValues(string mainEntry, Action<byte[]> change) => With(mainEntry, bytes =>
    {
        int start = PartStart(mainEntry), length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start));
        byte[] values = bytes[(start + sizeof(int) + SHA256.HashSizeInBytes)..][..length];
        change(values);
        SHA256.HashData(values).CopyTo(bytes.AsSpan(start + sizeof(int)));
        values.CopyTo(bytes.AsSpan(start + sizeof(int) + SHA256.HashSizeInBytes));
        return bytes;
    });

    private string SignatureOf(string mainEntry) => Encoding.ASCII.GetString(_entries[mainEntry], ModelSignature, 8);

    private static byte[] Write(IEnumerable<(string Name, byte[]? Bytes)> entries)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[]? bytes) in entries)
            {
                if (bytes is null)
                    continue;
                using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }

        return zip.ToArray();
    }

    [GeneratedRegex(@"^TransformerChain[/\\]Transform_\d+[^/\\]*[/\\]")]
    private static partial Regex Step();

    /// <summary>The file with an entry of a step changed, and checksums that agree with it.</summary>
    public byte[] WithEntry(string mainEntry, string entry, Func<byte[], byte[]> change)
    {
        byte[] old = SHA256.HashData(_entries[entry]), changed = change([.. _entries[entry]]);
        byte[] zip = WithValues(mainEntry, values => SHA256.HashData(changed).CopyTo(values.AsSpan(values.AsSpan().IndexOf(old))));
        return new ModelZip(zip).With(entry, _ => changed);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
