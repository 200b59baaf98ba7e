namespace Microsoft.ML.Landmarks;

/// <summary>A row of a CSV file of landmarks.</summary>
internal readonly record struct LandmarkRow(string Id, int Label, string ImagePath)
{
    public const int NonLandmark = -1;
}
