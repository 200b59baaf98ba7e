using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Reads the images of a column, and frees those that a step made for it; the caller's own objects are left alone.</summary>
internal sealed class ImageReader(ValueGetter<MLImage> get) : IDisposable
{
    // A getter that makes images disposes the one that it overwrites, and so gives its images away; one that hands on the caller's objects
    // (LoadFromEnumerable, a prediction engine's example) just overwrites. Nothing else tells the two apart: the first read overwrites
    // this.
    private MLImage? _probe = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, [0, 0, 0, 0]);
    private bool _isMade;

    /// <summary>What <paramref name="use"/> makes of the image of the row at which the input stands; null where there is none.</summary>
    public TResult? Read<TResult>(Func<MLImage, TResult> use) where TResult : class
    {
        MLImage? image = _probe;
        get(ref image!);
        if (_probe is not null)
            Probe(_probe);
        if (image is null)
            return null;
        try
        {
            return use(image);
        }
        finally
        {
            if (_isMade)
                image.Dispose();
        }
    }

    public void Dispose()
    {
        _probe?.Dispose();
        _probe = null;
    }

    private void Probe(MLImage overwritten)
    {
        try
        {
            _ = overwritten.Width;
        }
        catch (InvalidOperationException)
        {
            _isMade = true;
        }

        Dispose();
    }
}
