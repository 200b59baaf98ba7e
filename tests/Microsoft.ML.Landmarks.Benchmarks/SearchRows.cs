using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the search benchmark searches.</summary>
/// <param name="Train">Landmark rows.</param>
/// <param name="NonLandmarks">Non-landmark rows.</param>
/// <param name="Queries">Queries.</param>
internal sealed record SearchRows(UnitRows Train, UnitRows NonLandmarks, UnitRows Queries)
{
    /// <param name="source"><c>synthetic</c>, <c>network</c>, or a file of little-endian Singles, [n, dimension].</param>
    /// <param name="train">Landmark rows.</param>
    /// <param name="nonLandmarks">Non-landmark rows.</param>
    /// <param name="queries">Queries.</param>
    /// <param name="dimension">Values of a row.</param>
    public static SearchRows Create(string source, int train, int nonLandmarks, int queries, int dimension)
    {
        switch (source)
        {
            case "synthetic":
                var generator = new RowGenerator(dimension, seed: 1);
                return new SearchRows(generator.Landmarks(train), generator.NonLandmarks(nonLandmarks), generator.Queries(queries));
            case "network":
                var network = new NetworkRowGenerator(dimension, seed: 1);
                return new SearchRows(network.Rows(train), network.Rows(nonLandmarks), network.Rows(queries));
            default:
                float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(source)).ToArray();
                var mixer = new RowMixer([.. values.Chunk(dimension)], seed: 1);
                return new SearchRows(mixer.Rows(train), mixer.Rows(nonLandmarks), mixer.Rows(queries));
        }
    }
}
