using System.Security.Cryptography;
using System.Text;
using Landmarks.Demo.Data;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Shards;

/// <summary>By what all shards know that they are of one list of photographs, and how many of them are one shard's.</summary>
/// <param name="Hash">The SHA-256 of all ids and labels in order.</param>
/// <param name="Held">How many the shard holds.</param>
internal sealed record PhotographDigest(string Hash, long Held)
{
    /// <summary>Reads ids and labels once, and no photograph.</summary>
    public static PhotographDigest Of(MLContext ml, IDataView rows, LandmarkShard shard, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long held = 0;
        IEnumerable<string> labels = TextColumn.Read(TextColumn.Convert(ml, rows, "Label"), "Label", cancellation);
        foreach ((string id, string label) in TextColumn.Read(rows, "Id", cancellation).Zip(labels))
        {
            Append(id);
            Append(label);
            held += shard.Holds(id) ? 1 : 0;
        }

        return new PhotographDigest(Convert.ToHexString(hash.GetHashAndReset()), held);

        void Append(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
