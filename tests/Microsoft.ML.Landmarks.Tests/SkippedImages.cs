namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Collects what a step says of photographs that it skips.</summary>
internal sealed class SkippedImages : IProgress<SkippedImage>
{
    private readonly List<SkippedImage> _all = [];

    public IReadOnlyList<SkippedImage> All => _all;

    public void Report(SkippedImage value)
    {
        lock (_all)
            _all.Add(value);
    }
}
