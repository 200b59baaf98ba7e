namespace Microsoft.ML.Landmarks.Benchmarks.Large;

/// <summary>Photographs of many megapixels, made of small ones by Pillow, the same ones each time.</summary>
internal static class LargePhotographs
{
    public const string Script = "large_peer.py";

    // The label of those that show no landmark.
    public const string None = "none";

    /// <summary>Writes JPEGs of 12, 24 and 48 megapixels, of two kinds of sampling and of both ways of coding.</summary>
    /// <exception cref="WrongInputException">Python lacks a package, or a photograph can't be read.</exception>
    public static string[] Make(string python, string folder, string[] photos)
    {
        Run(python, ["make", folder, .. photos]);
        return [.. Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes JPEGs of 12 megapixels in folders of landmarks and one of none.</summary>
    /// <exception cref="WrongInputException">Python lacks a package, or a photograph can't be read.</exception>
    public static void MakeFolders(string python, string folder, int count, string[] photos)
        => Run(python, ["folders", folder, $"{count}", .. photos]);

    // Without them there is nothing to measure.
    private static void Run(string python, string[] arguments)
    {
        try
        {
            PythonScript.Run(python, Script, arguments);
        }
        catch (PeerFailedException e)
        {
            throw new WrongInputException($"Large photographs can't be made: {e.Message}. Name another Python by --python.", e);
        }
    }
}
