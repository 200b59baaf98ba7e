namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>A part of a picture, as it is shown, that is resized to other sides. It lies inside the resized picture.</summary>
/// <param name="ResizedWidth">The width to which the picture is resized.</param>
/// <param name="ResizedHeight">The height to which it is resized.</param>
/// <param name="Left">Where the part begins.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Pixels in a row of it.</param>
/// <param name="Height">Its rows.</param>
internal readonly record struct ResizedCrop(long ResizedWidth, long ResizedHeight, long Left, long Top, int Width, int Height);
