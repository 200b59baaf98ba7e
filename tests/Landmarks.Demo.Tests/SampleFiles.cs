using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary>The sample beside the program, and small parts of it.</summary>
internal static class SampleFiles
{
    public static string Images => Of("images");

    /// <summary>A network that takes images of 8 x 8 pixels alone, and answers at once.</summary>
    public static string FastNetwork => Path.Combine(AppContext.BaseDirectory, "Networks", "flatten_8.onnx");

    /// <summary>One of the tiny networks of the library's tests.</summary>
    public static string Network(string name) => Path.Combine(AppContext.BaseDirectory, "Networks", $"{name}.onnx");

    /// <summary>A model that an older version wrote.</summary>
    public static string GoldenModel(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "models", $"{name}.zip");

    public static string GoldenSubmission => Path.Combine(AppContext.BaseDirectory, "Golden", "submission.csv");

    public static string Of(string name) => Path.Combine(DemoProgram.Folder, "Sample", name);

    public static string[] Rows(string name) => File.ReadAllLines(Of(name))[1..];

    public static string[] Ids(string name) => [.. Rows(name).Select(row => row.Split(',')[0])];

    public static string Photo(string id) => Path.Combine(Images, id[..1], id[1..2], id[2..3], id + ".jpg");

    /// <summary>Writes the first rows of a file of the sample, <paramref name="times"/> times over.</summary>
    public static string WriteRows(WorkFolder folder, string name, int count, int times = 1)
        => folder.WriteText(name, string.Join('\n', Enumerable.Repeat(Rows(name)[..count], times)
        .SelectMany(rows => rows).Prepend(File.ReadLines(Of(name)).First())) + '\n');

    /// <summary>Prepares photographs, ImagePath, as fit does for the fast network: Pixels.</summary>
    public static ImagePreparingEstimator PrepareImages(MLContext ml) => ml.Transforms.PrepareImages(new ImagePreparingEstimator.Options
    {
        OutputColumnName = "Pixels",
        InputColumnName = "ImagePath",
        ImageSize = 8,
        DecodeScaling = DecodeScaling.Fast,
    });

    /// <summary>The arguments that fit a few photographs by the fast network.</summary>
    public static string[] FitArguments(WorkFolder folder, string output, params string[] more)
        => FitArgumentsOf(FastNetwork, folder, output, more);

    /// <summary>The arguments that fit a few photographs by a network.</summary>
    public static string[] FitArgumentsOf(string network, WorkFolder folder, string output, params string[] more) =>
    [
        "fit", "--train", WriteRows(folder, "train.csv", 6), "--non-landmarks", WriteRows(folder, "valid.csv", 12), "--images", Images,
        "--network", network, "--output", output, .. more,
    ];
}
