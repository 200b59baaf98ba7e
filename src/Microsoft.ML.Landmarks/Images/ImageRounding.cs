namespace Microsoft.ML;

/// <summary>
/// Whose rounding decides the sides of a resized photograph and where the square is cut out of it, a pixel more or less: that of the
/// program which prepared the photographs when the network was trained.
/// </summary>
public enum ImageRounding
{
    /// <summary>albumentations: sides to the nearest number and halves to the even one; half of what is left over, rounded down.</summary>
    Albumentations,

    /// <summary>torchvision and timm: the longer side rounded down; half of what is left over, halves to the even number.</summary>
    Torchvision,

    /// <summary>transformers: the longer side and half of what is left over, both rounded down.</summary>
    Transformers,
}
