namespace Microsoft.ML.Landmarks.Labels;

/// <summary>The label of a landmark: a text, or a number (the number of a key where labels are keys).</summary>
internal readonly record struct LandmarkLabel(long Number, string? Text)
{
    /// <summary>The number of photographs that show no landmark, in the data of the challenge.</summary>
    public const int NonLandmarkNumber = -1;

    /// <summary>The same as text.</summary>
    public const string NonLandmarkText = "-1";
}
