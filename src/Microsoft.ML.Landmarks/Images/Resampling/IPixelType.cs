using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>How the four levels of a pixel are held.</summary>
internal interface IPixelType
{
    /// <summary>Bytes of a level.</summary>
    static abstract int Size { get; }

    /// <summary>The level that begins with a byte.</summary>
    static abstract float Level(ref readonly byte first);

    /// <summary>The four levels that begin with a byte.</summary>
    static abstract Vector128<float> Four(ref byte first);
}
