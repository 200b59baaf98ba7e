using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>What a step that reads photographs works in.</summary>
/// <param name="mostArrays">How many arrays are kept at most; null: as many as there are cores.</param>
internal sealed class StepBuffers(int? mostArrays = null)
{
    /// <summary>Files, and what is decoded of them.</summary>
    public ImageBuffers Images { get; } = new();

    /// <summary>Prepared images.</summary>
    public SpareArrays Arrays { get; } = new(mostArrays);

    /// <summary>Frees what is kept, but for what the next row takes.</summary>
    public void Rest()
    {
        Images.Clear();
        Arrays.Trim();
    }
}
