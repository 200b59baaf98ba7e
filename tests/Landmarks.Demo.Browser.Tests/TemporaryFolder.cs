using SkiaSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A folder that is deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("landmarks-browser-tests-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string WriteText(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Writes a picture of upright stripes.</summary>
    public string WritePng(string name, int width, int height, Func<int, SKColor> colorOf)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(i => colorOf(i % width))];
        using FileStream file = File.Create(this[name]);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
