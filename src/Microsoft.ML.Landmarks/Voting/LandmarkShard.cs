using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// One of several parts of a set of rows, which several processes share out among them. A row belongs to the shard that a hash of its id
/// says: to the same one in every process, whatever other rows there are.
/// </summary>
/// <remarks>One without a value is the whole. Shards have about as many rows each; one that has few, or none, is no mistake. The hash is
/// FNV-1a, of 64 bits, of the id in UTF-8, its halves combined by exclusive or: Fowler, Noll and Vo,
/// http://www.isthe.com/chongo/tech/comp/fnv/.</remarks>
public readonly record struct LandmarkShard
{
    // Without a value it is the whole.
    private readonly int _before, _others;

    /// <param name="number">Which of the shards, from 1.</param>
    /// <param name="count">How many there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no shard of that number, or no shard at all.</exception>
    public LandmarkShard(int number, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, count);
        (_before, _others) = (number - 1, count - 1);
    }

    /// <summary>Which of the shards, from 1 to <see cref="Count"/>.</summary>
    public int Number => _before + 1;

    /// <summary>How many shards there are, at least 1.</summary>
    public int Count => _others + 1;

    /// <summary>Reads what <see cref="ToString"/> writes: 1/8 is the first of 8 shards, 8/8 the last.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static LandmarkShard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out LandmarkShard shard) ? shard : throw Errors.Shard(text);
    }

    /// <inheritdoc cref="Parse"/>
    /// <param name="text">The text.</param>
    /// <param name="shard">What it says; the whole where it is none.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out LandmarkShard shard)
    {
        shard = default;
        if (text?.Split('/') is not [string number, string count] || !TryRead(number, out int n) || !TryRead(count, out int of) || n > of)
            return false;
        shard = new LandmarkShard(n, of);
        return true;
    }

    /// <summary>Whether the row with an id belongs to this shard. Rows whose id is empty belong to one and the same.</summary>
    public bool Holds(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return PlaceOf(Encoding.UTF8.GetBytes(id), Count) == _before;
    }

    /// <summary>Its number and how many there are, such as 1/8.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    /// <summary>Which of some places a key belongs to, from 0: the same in every process and version, since rows stay where it has put
    /// them.</summary>
    internal static int PlaceOf(ReadOnlySpan<byte> key, int count)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte value in key)
            hash = (hash ^ value) * 1_099_511_628_211;
        return (int)((hash ^ (hash >> 32)) % (ulong)count);
    }

    private static bool TryRead(string text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
