using static System.FormattableString;

namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>How many faults of one kind were found.</summary>
/// <param name="Planted">How many were planted.</param>
/// <param name="Right">How many of these were found.</param>
/// <param name="Found">How many were found in all.</param>
/// <param name="FoundBefore">How many of those that were not planted had been found before anything was.</param>
internal sealed record PlantedScore(int Planted, int Right, int Found, int FoundBefore)
{
    public double Recall => (double)Right / Planted;

    private double Precision => (double)Right / Found;

    private double PrecisionOfNew => (double)Right / (Found - FoundBefore);

    public static PlantedScore Of<T>(HashSet<T> planted, HashSet<T> found, HashSet<T> before)
        => new(planted.Count, found.Count(planted.Contains), found.Count,
            found.Count(fault => !planted.Contains(fault) && before.Contains(fault)));

    public static PlantedScore operator +(PlantedScore a, PlantedScore b)
        => new(a.Planted + b.Planted, a.Right + b.Right, a.Found + b.Found, a.FoundBefore + b.FoundBefore);

    public override string ToString() => Invariant($"{Precision:F3} ({PrecisionOfNew:F3}), {Recall:F3}");
}
