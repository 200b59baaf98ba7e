using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Makes the options of the commands. They refuse what is wrong before anything is measured.</summary>
internal static class CommandOptions
{
    /// <summary>A whole number, at least 1.</summary>
    public static Option<int> Number(string name, int preset, string description, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => preset,
        CustomParser = result => ParseNumber(result, name, most) ?? preset,
    };

    public static Option<int> ImageSize()
        => Number("--image-size", 320, "Side of the prepared images.", ImagePreparingEstimator.Options.LargestImageSize);

    /// <summary>The photographs of a folder, by their paths.</summary>
    public static Option<string[]> Photos() => new("--photos")
    {
        Description = "A folder with photographs, *.jpg, searched with its subfolders.",
        HelpName = "FOLDER",
        Required = true,
        CustomParser = ParsePhotos,
    };

    public static Option<string> Network() => ExistingFile("--network", "The ONNX network.", "an ONNX network");

    public static Option<string> Model() => ExistingFile("--model", "The model.", "a model that landmarks fit wrote");

    public static Option<string> Python() => new("--python")
    {
        Description = "The Python that has the packages of the peers.",
        HelpName = "PROGRAM",
        DefaultValueFactory = _ => "python3",
    };

    public static Option<string?> Json()
        => new("--json") { Description = "A file that the figures are written to as JSON.", HelpName = "FILE", CustomParser = ParseOutput };

    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <returns>Null, and an error that is told, where it is no such number.</returns>
    public static int? ParseNumber(ArgumentResult result, string name, int most = int.MaxValue)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= 1
            && number <= most)
            return number;
        result.AddError($"{name} is {text}; it must be a whole number, {(most == int.MaxValue ? "at least 1" : $"from 1 to {most}")}.");
        return null;
    }

    private static string[] ParsePhotos(ArgumentResult result)
    {
        string folder = result.Tokens[0].Value;
        if (!Directory.Exists(folder))
        {
            result.AddError($"The folder '{folder}' does not exist. Name one with photographs by --photos.");
            return [];
        }

        string[] photos = [.. Directory.EnumerateFiles(Path.GetFullPath(folder), "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
        if (photos.Length == 0)
            result.AddError($"The folder '{folder}' has no file *.jpg, nor have its subfolders. Name one with photographs by --photos.");
        return photos;
    }

    private static Option<string> ExistingFile(string name, string description, string allowed) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        Required = true,
        CustomParser = result => ParseFile(result, name, allowed),
    };

    private static string ParseFile(ArgumentResult result, string name, string allowed)
    {
        string file = result.Tokens[0].Value;
        if (!File.Exists(file))
            result.AddError($"{name} is '{file}', and there is no such file. Name {allowed}.");
        return file;
    }

    // Figures that took long must not be lost for a name that was mistyped.
    private static string? ParseOutput(ArgumentResult result)
    {
        string file = result.Tokens[0].Value;
        if (string.IsNullOrWhiteSpace(file))
        {
            result.AddError("--json is empty; name a file.");
            return null;
        }

        string target = Path.GetFullPath(file), folder = Path.GetDirectoryName(target) ?? target;
        if (Directory.Exists(target))
            result.AddError($"'{file}' is a folder; name a file in it by --json.");
        else if (!Directory.Exists(folder))
            result.AddError($"The folder '{folder}' does not exist. Make it, or name another file by --json.");
        else
        {
            try
            {
                using FileStream _ = File.Exists(target)
                    ? File.OpenWrite(target) : File.Create(Path.Combine(folder, Path.GetRandomFileName()), bufferSize: 1,
                    FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                result.AddError($"'{file}' can't be written: {e.Message} Name another file by --json.");
            }
        }

        return target;
    }
}
