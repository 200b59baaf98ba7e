using System.Security.Cryptography;

namespace Landmarks.Demo.Shards;

/// <summary>The length and the SHA-256 of a file.</summary>
internal readonly record struct FileChecksum(long Bytes, string Checksum)
{
    /// <summary>Reads the file once.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FileChecksum Of(string file, CancellationToken cancellation)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        byte[] hash = SHA256.HashDataAsync(stream, cancellation).AsTask().GetAwaiter().GetResult();
        return new FileChecksum(stream.Length, Convert.ToHexString(hash));
    }
}
