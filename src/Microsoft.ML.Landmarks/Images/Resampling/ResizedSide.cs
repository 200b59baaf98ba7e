namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>One side of a picture that is resized.</summary>
/// <param name="Original">Its pixels.</param>
/// <param name="Resized">How many they become.</param>
/// <param name="First">The first of these that is wanted.</param>
/// <param name="Count">How many are.</param>
internal readonly record struct ResizedSide(int Original, long Resized, long First, int Count)
{
    public bool Stays => Resized == Original;
}
