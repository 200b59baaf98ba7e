using System.IO.Compression;
using System.Security.Cryptography;

namespace Landmarks.Demo.Tests;

/// <summary>What is in the zips of models, byte for byte.</summary>
internal static class ModelEntries
{
    /// <summary>Asserts that all entries of these models are those of one.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="expected">The model that they are to be.</param>
    /// <param name="others">The models.</param>
    public static void AssertSame(WorkFolder folder, string expected, params string[] others)
    {
        (string, string)[] entries = Of(folder[expected]);
        foreach (string other in others)
            CollectionAssert.AreEqual(entries, Of(folder[other]), other);
    }

    /// <returns>The name of each entry, and the SHA-256 of its bytes.</returns>
    private static (string Name, string Hash)[] Of(string model)
    {
        using ZipArchive archive = ZipFile.OpenRead(model);
        return [.. archive.Entries.Select(entry =>
        {
            using Stream stream = entry.Open();
            return (entry.FullName, Convert.ToHexString(SHA256.HashData(stream)));
        })];
    }
}
