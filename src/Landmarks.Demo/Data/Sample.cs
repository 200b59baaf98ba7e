using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>The photographs and the network that ship with the program.</summary>
internal static class Sample
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Sample");

    public static LandmarkSource Train => Source("train.csv");

    public static LandmarkSource NonLandmarks => new(InFolder("valid.csv"), Images) { NonLandmarksOnly = true };

    public static LandmarkSource Queries => Source("sample_submission.csv");

    public static string TruthFile => InFolder("test_truth.csv");

    public static string NamesFile => InFolder("landmarks.csv");

    public static string Network => EfficientNetLite0.Path;

    /// <summary>The files that a run reads, but for photographs.</summary>
    public static IReadOnlyList<string> InputFiles
        => [Train.CsvFile, NonLandmarks.CsvFile, Queries.CsvFile, TruthFile, NamesFile, KindsFile, Network];

    private static string KindsFile => InFolder("queries.csv");

    private static string Images => InFolder("images");

    /// <summary>What the non-landmarks are, and what follows from it, in words.</summary>
    public static string DescribeNonLandmarks(MLContext ml)
        => $"The non-landmarks are the {RowCounts.Of(ml.Data.LoadLandmarks(NonLandmarks), default).All} that come with the program: "
        + "animals, plants, food, tools, instruments and the like, hardly a room, a street or a vehicle. That false alarms keep to their "
        + "rate is promised for photographs like these only; better are your own, of what you will be asked.";

    /// <summary>The kind of each query: a photograph of its own, or the reference photograph reframed.</summary>
    public static IReadOnlyDictionary<string, string> ReadKinds(MLContext ml)
        => ml.Data.CreateEnumerable<Kind>(ml.Data.LoadFromTextFile<Kind>(KindsFile, separatorChar: ',', hasHeader: true),
        reuseRowObject: false)
            .ToDictionary(row => row.Id, row => row.Name);

    private static LandmarkSource Source(string csvFile) => new(InFolder(csvFile), Images);

    private static string InFolder(string name) => Path.Combine(Folder, name);

    private sealed class Kind
    {
        [LoadColumn(0)]
        public string Id { get; init; } = "";

        [LoadColumn(1)]
        public string Name { get; init; } = "";
    }
}
