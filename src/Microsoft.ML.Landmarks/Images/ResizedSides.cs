namespace Microsoft.ML.Landmarks.Images;

/// <summary>The sides to which a picture will be resized.</summary>
/// <param name="width">Its width, as it is shown.</param>
/// <param name="height">Its height.</param>
internal delegate (long Width, long Height) ResizedSides(int width, int height);
