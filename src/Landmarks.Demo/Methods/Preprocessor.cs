using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>A file that says how photographs are prepared for a network.</summary>
/// <param name="File">The file.</param>
/// <param name="IsFound">Whether it was found beside the network; otherwise it was named.</param>
/// <param name="Preparation">What it says.</param>
internal sealed record Preprocessor(string File, bool IsFound, ImagePreparation Preparation)
{
    // As exporters leave them: those of transformers, before and since version 5, and that of timm.
    private static readonly string[] s_names = ["preprocessor_config.json", "processor_config.json", "config.json"];

    // The folder of networks among such exports; the files about them lie above it.
    private const string FolderOfNetworks = "onnx";

    /// <summary>Options that stand above it.</summary>
    public IReadOnlyList<string> Overridden { get; init; } = [];

    /// <exception cref="InvalidDataException">The file asks for what can't be done.</exception>
    public static Preprocessor Read(string file) => new(file, IsFound: false, ImagePreparation.FromFile(file));

    /// <summary>The one beside a network; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file asks for what can't be done.</exception>
    public static Preprocessor? Find(string network)
    {
        string folder = Path.GetDirectoryName(network) ?? "", full = Path.GetFullPath(folder.Length == 0 ? "." : folder);
        string[] folders = Path.GetFileName(full) == FolderOfNetworks ? [folder, Path.Combine(folder, "..")] : [folder];
        IEnumerable<string> files = folders.SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)));
        foreach (string file in files.Where(System.IO.File.Exists))
        {
            // What has such a name and is of another kind says something else of the network.
            if (ImagePreparation.TryFromFile(file, out ImagePreparation? preparation))
                return new Preprocessor(file, IsFound: true, preparation);
        }

        return null;
    }

    /// <summary>What it says, and of others what such files say nothing of.</summary>
    public ImagePreparationOptions Over(ImagePreparationOptions others) => new(others)
    {
        Fit = Preparation.Options.Fit,
        ShorterSideTo = Preparation.Options.ShorterSideTo,
        SideMultiple = Preparation.Options.SideMultiple,
        Rounding = Preparation.Options.Rounding,
        Resampling = Preparation.Options.Resampling,
        Bgr = Preparation.Options.Bgr,
        Mean = Preparation.Options.Mean,
        Std = Preparation.Options.Std,
    };

    /// <summary>What is told of it.</summary>
    /// <param name="preparation">What is done, options included.</param>
    /// <param name="imageSizes">Sides of the images in pixels.</param>
    public string Describe(ImagePreparationOptions preparation, IEnumerable<int> imageSizes)
        => $"Photographs are prepared as {File}{(IsFound ? ", found beside the network," : "")} says"
        + $"{(Overridden.Count == 0 ? "" : $", but for {string.Join(", ", Overridden)}")}: "
        + $"{string.Join(", ", imageSizes)} pixels; {PreparationSummary.Of(preparation)}.";
}
