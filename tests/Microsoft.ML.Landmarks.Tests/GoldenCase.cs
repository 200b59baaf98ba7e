using System.Text.Json;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>A photograph of the golden data with its expected crops.</summary>
public sealed record GoldenCase(string Name, string File, bool ApplyOrientation, int Width, int Height, GoldenCrop[] Crops)
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Path => TestFiles.Golden(File.Split('/'));

    public static GoldenCase[] ReadAll()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(TestFiles.Golden("cases.json")));
        return document.RootElement.GetProperty("cases").Deserialize<GoldenCase[]>(s_options)!;
    }
}

/// <summary>The expected crop of one size: its SHA-256 and the levels of a grid of 10 x 10 pixels.</summary>
public sealed record GoldenCrop(int Size, int ResizedWidth, int ResizedHeight, string Sha256, int[] Grid);
