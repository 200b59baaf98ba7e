namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>The pixel that a place is made of, and the weights of it and of the next one.</summary>
internal readonly record struct LinearTaps(int First, int Weight0, int Weight1)
{
    /// <summary>The next pixel; beyond the border, the pixel at the border.</summary>
    public int Second(int original) => Math.Min(First + 1, original - 1);
}
