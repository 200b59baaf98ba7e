using System.Globalization;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>What a figure should be.</summary>
internal sealed class Target
{
    private readonly double _limit;
    private readonly bool _isLeast;

    private Target(double limit, bool isLeast) => (_limit, _isLeast) = (limit, isLeast);

    public static Target AtLeast(double limit) => new(limit, isLeast: true);

    public static Target AtMost(double limit) => new(limit, isLeast: false);

    /// <summary>The target, and whether a figure misses it.</summary>
    public string Of(double figure) => string.Create(CultureInfo.InvariantCulture, $"at {(_isLeast ? "least" : "most")} {_limit}")
        + ((_isLeast ? figure < _limit : figure > _limit) ? ": **missed**" : "");
}
