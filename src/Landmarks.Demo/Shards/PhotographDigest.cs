using System.Security.Cryptography;
using System.Text;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
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
        rows = TextColumn.Convert(ml, rows, Embedding.Label);
        using DataViewRowCursor cursor = rows.GetRowCursor([rows.Schema[Embedding.Id], rows.Schema[Embedding.Label]]);
        Func<string> readId = TextColumn.CreateReader(cursor, Embedding.Id), readLabel = TextColumn.CreateReader(cursor, Embedding.Label);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            string id = readId();
            Append(id);
            Append(readLabel());
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
