namespace Landmarks.Demo.Output;

/// <summary>Tells shares, from 0 to 1, as percents.</summary>
internal sealed class PercentProgress(IProgress<long> percents) : IProgress<double>
{
    public const long Total = 100;

    public void Report(double value) => percents.Report((long)(Total * value));
}
