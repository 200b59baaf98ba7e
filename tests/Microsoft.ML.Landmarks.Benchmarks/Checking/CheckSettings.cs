namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>What is measured.</summary>
/// <param name="Images">The folder of photographs; that of id <c>abc…</c> is <c>a/b/c/abc….jpg</c> in it.</param>
/// <param name="Train">A CSV file of photographs and their landmarks.</param>
/// <param name="NonLandmarks">One of photographs that show none.</param>
/// <param name="Donors">One of other photographs of landmarks.</param>
/// <param name="Network">The ONNX network.</param>
/// <param name="ImageSize">The side of its input.</param>
/// <param name="Seeds">Of what is planted.</param>
/// <param name="Python">The Python that applies the rules of Datalab; null: none does.</param>
internal sealed record CheckSettings(string Images, string Train, string NonLandmarks, string Donors, string Network, int ImageSize,
    int[] Seeds, string? Python);
