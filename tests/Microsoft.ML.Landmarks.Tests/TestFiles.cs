using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Where the files are that tests read, and how they are read.</summary>
internal static class TestFiles
{
    public static string Network => Repository("models", "efficientnet_lite0_gem.onnx");

    public static string Sample(params string[] path) => Repository(["src", "Landmarks.Demo", "Sample", .. path]);

    public static string Golden(params string[] path) => Path.Combine([AppContext.BaseDirectory, "Golden", .. path]);

    public static string Repository(params string[] path) => Path.GetFullPath(Path.Combine([Metadata("RepositoryRoot"), .. path]));

    /// <summary>A file of the networks that ML.NET publishes for its image featurizer.</summary>
    public static string DnnImageModel(params string[] path) => Path.Combine([Metadata("DnnImageModels"), .. path]);

    /// <summary>The folder of another program of this repository, as it was built with these tests.</summary>
    public static string ProgramFolder(string name) => Path.Combine(Metadata("ProgramsFolder"), name, Metadata("Configuration"));

    public static float[] ReadSingles(string file) => Read<float>(file);

    public static double[] ReadDoubles(string file) => Read<double>(file);

    public static int[] ReadInt32s(string file) => Read<int>(file);

    /// <summary>Rows [n, d] of a file of Singles.</summary>
    public static float[][] ReadRows(string file, int dimension) => [.. ReadSingles(file).Chunk(dimension)];

    /// <summary>The fields of a plain CSV file (no quotes), without its header.</summary>
    public static string[][] ReadCsv(string file) => [.. File.ReadAllLines(file).Skip(1).Select(line => line.Split(','))];

    private static T[] Read<T>(string file) where T : unmanaged => MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(file)).ToArray();

    private static string Metadata(string key)
        => typeof(TestFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
