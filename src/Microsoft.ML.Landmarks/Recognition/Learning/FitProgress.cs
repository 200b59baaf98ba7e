namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>Tells how far the parts of a fit are.</summary>
/// <param name="told">Who is told; null for nobody.</param>
internal sealed class FitProgress(IProgress<LandmarkFitProgress>? told)
{
    /// <summary>For work that is a part of other work, which is told.</summary>
    public static FitProgress None { get; } = new(null);

    /// <summary>To be told how much of a work is done.</summary>
    public IProgress<long>? Of(string work, long total) => told is null ? null : new Work(told, work, total);

    /// <summary>To be told which share of a work is done, from 0 to 1.</summary>
    public IProgress<double>? Share(string work) => told is null ? null : new Work(told, $"{work}, percent", Total: 100);

    private sealed record Work(IProgress<LandmarkFitProgress> Told, string Name, long Total) : IProgress<long>, IProgress<double>
    {
        public void Report(long value) => Told.Report(new LandmarkFitProgress(Name, value, Total));

        public void Report(double value) => Report((long)(Total * value));
    }
}
