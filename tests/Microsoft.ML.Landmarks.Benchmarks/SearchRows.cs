using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What the search benchmark searches.</summary>
/// <param name="Train">Landmark rows.</param>
/// <param name="NonLandmarks">Non-landmark rows.</param>
/// <param name="Queries">Queries.</param>
internal sealed record SearchRows(UnitRows Train, UnitRows NonLandmarks, UnitRows Queries)
{
    public const string Synthetic = "synthetic", Network = "network";

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => BytesOf((long)Train.Count + NonLandmarks.Count + Queries.Count, Train.Dimension);

    /// <exception cref="WrongInputException">The file holds no such rows, or memory no so many.</exception>
    public static SearchRows Create(SearchSettings settings)
    {
        float[][]? given = settings.Rows is Synthetic or Network ? null : RowFile.Read(settings.Rows, settings.Dimension);
        int dimension = given?[0].Length ?? settings.Dimension ?? SearchSettings.PresetDimension;
        long rows = (long)settings.Train + settings.NonLandmarks + settings.Queries,
            memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (BytesOf(rows, dimension) > memory)
            throw new WrongInputException($"{rows} rows of {dimension} values take {BytesOf(rows, dimension) >> 20} MB, and this machine "
                + $"has {memory >> 20} MB. Ask for fewer by --train, --non-landmarks, --queries or --dimension.");
        switch (settings.Rows)
        {
            case Synthetic:
                var generator = new RowGenerator(dimension, seed: 1);
                return new SearchRows(generator.Landmarks(settings.Train), generator.NonLandmarks(settings.NonLandmarks),
                    generator.Queries(settings.Queries));
            case Network:
                var network = new NetworkRowGenerator(dimension, seed: 1);
                return new SearchRows(network.Rows(settings.Train), network.Rows(settings.NonLandmarks), network.Rows(settings.Queries));
            default:
                var mixer = new RowMixer(given!, seed: 1);
                return new SearchRows(mixer.Rows(settings.Train), mixer.Rows(settings.NonLandmarks), mixer.Rows(settings.Queries));
        }
    }

    private static long BytesOf(long rows, int dimension) => rows * dimension * sizeof(float);
}
