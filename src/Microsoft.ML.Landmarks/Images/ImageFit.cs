namespace Microsoft.ML;

/// <summary>How a photograph becomes the square that a network takes.</summary>
public enum ImageFit
{
    /// <summary>The shorter side is resized, and the middle is cut out: what lies beside it is lost.</summary>
    CropCenter,

    /// <summary>Both sides are resized, whatever their ratio: all is seen, distorted.</summary>
    Squash,

    /// <summary>The longer side is resized, and the photograph lies in the middle of the square; beside it the network's input is 0, the
    /// mean color.</summary>
    PadCenter,
}
