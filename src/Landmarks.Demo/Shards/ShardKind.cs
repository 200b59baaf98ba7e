namespace Landmarks.Demo.Shards;

/// <summary>What the shards in a folder hold. Its word, in the plural, begins the names of their files.</summary>
internal enum ShardKind
{
    /// <summary>Embeddings of photographs.</summary>
    Embeddings,

    /// <summary>Penalties of landmark rows.</summary>
    Penalties,
}
