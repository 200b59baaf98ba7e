namespace Microsoft.ML;

/// <summary>Whether the decoder of a photograph may make it smaller, which takes a fraction of the time where it is large.</summary>
public enum DecodeScaling
{
    /// <summary>All pixels are decoded, and resized as the options say.</summary>
    Exact,

    /// <summary>
    /// The decoder gives the smallest picture that it can whose sides are at least twice those to which the photograph is resized, at the
    /// largest of several sizes: of a JPEG one of eighths, as <c>djpeg -scale</c> and Pillow's <c>draft</c> make it, of a WebP twice the
    /// sides, as by <c>dwebp -scale</c>. Other kinds, and photographs that are too small for it, are decoded as by <see cref="Exact"/>.
    /// </summary>
    Fast,
}
