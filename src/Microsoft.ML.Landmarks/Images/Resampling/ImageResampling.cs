namespace Microsoft.ML;

/// <summary>How photographs are resized: by the arithmetic of which program, and whether all pixels count where they are shrunk.</summary>
/// <remarks>
/// Each gives the levels of its program: OpenCV 4 (x86, without IPP), and Pillow 9.4 or newer, whose filters are also those of torchvision
/// and transformers on pictures of Pillow.
/// </remarks>
public enum ImageResampling
{
    /// <summary>OpenCV's INTER_CUBIC: four pixels in each direction, however much is shrunk.</summary>
    OpenCvCubic,

    /// <summary>OpenCV's INTER_AREA: the mean of the pixels where a photograph is shrunk, and linear where a side is enlarged.</summary>
    OpenCvArea,

    /// <summary>Pillow's NEAREST (0 in files of Hugging Face): one pixel for each.</summary>
    PillowNearest,

    /// <summary>Pillow's BOX (4): the mean of the pixels.</summary>
    PillowBox,

    /// <summary>Pillow's BILINEAR (2): a triangle over the pixels.</summary>
    PillowBilinear,

    /// <summary>Pillow's HAMMING (5): sharper than a triangle, of the same width.</summary>
    PillowHamming,

    /// <summary>Pillow's BICUBIC (3): a cubic of a = -0.5 over the pixels.</summary>
    PillowBicubic,

    /// <summary>Pillow's LANCZOS (1): a sinc over the pixels, the sharpest.</summary>
    PillowLanczos,
}
