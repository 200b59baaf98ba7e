using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The photographs and the network that ship with the program.</summary>
internal static class Sample
{
    private static readonly string[] s_idColumn = ["id"], s_kindColumn = ["kind"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Sample");

    public static LandmarkSource Train => Source("train.csv");

    public static LandmarkSource NonLandmarks => new(InFolder("valid.csv"), Images) { NonLandmarksOnly = true };

    public static LandmarkSource Queries => Source("sample_submission.csv");

    public static string TruthFile => InFolder("test_truth.csv");

    public static string NamesFile => InFolder("landmarks.csv");

    public static string Network => Path.Combine(AppContext.BaseDirectory, "models", "efficientnet_lite0_gem.onnx");

    private static string Images => InFolder("images");

    /// <summary>The kind of each query: a photograph of its own, or the reference photograph reframed.</summary>
    public static IReadOnlyDictionary<string, string> ReadKinds()
        => CsvFile.Read(InFolder("queries.csv"), s_idColumn, s_kindColumn).ToDictionary(row => row.Fields[0], row => row.Fields[1]);

    private static LandmarkSource Source(string csvFile) => new(InFolder(csvFile), Images);

    private static string InFolder(string name) => Path.Combine(Folder, name);
}
