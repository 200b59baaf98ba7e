using System.Numerics;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Tells by their small pictures whether two photographs are one: recompressed, resized, mirrored or cropped a little.</summary>
/// <remarks>
/// Photographs of one motive that are merely alike agree in where it is bright and dark. So their details decide, which are the small
/// pictures less their own surroundings, once one is laid upon the other.
/// </remarks>
internal static class SketchComparison
{
    /// <summary>The least correlation of the details of one photograph. Results/check.md in the benchmark project tells how it was
    /// chosen.</summary>
    public const double LeastLikeness = 0.84;

    private const int Side = PhotographSketch.Side;

    // Of the levels themselves, once one picture lies upon the other; what differs more differs in its light.
    private const double LeastCorrelation = 0.9;

    // Quick looks before, which hardly any crop that is found fails. Of the nearest photographs two in five pass the first, and of these
    // one in ten the second, once one picture lies upon the other.
    private const int FirstSide = 8, SecondSide = 16;
    private const double LeastFirstCorrelation = 0.35, LeastSecondCorrelation = 0.8;

    // Surroundings are the mean of so many places in each direction.
    private const int SurroundingRadius = 2;

    /// <summary>The correlation of the details of two photographs, at least <see cref="LeastLikeness"/>; null where they are not
    /// one.</summary>
    public static double? Compare(PhotographSketch first, PhotographSketch second)
    {
        double[] a = Shrink(first.Levels, FirstSide), b = Shrink(second.Levels, FirstSide);
        double best = CanBeOne(a, b) ? CompareUpright([.. first.Levels], [.. second.Levels]) : 0;
        if (CanBeOne(a, Mirror(b, FirstSide)))
            best = Math.Max(best, CompareUpright([.. first.Levels], Mirror([.. second.Levels], Side)));
        return best >= LeastLikeness ? best : null;
    }

    private static bool CanBeOne(double[] a, double[] b) => SketchAlignment.Correlate(a, b) >= LeastFirstCorrelation;

    private static double CompareUpright(double[] a, double[] b)
    {
        double[] smallA = Shrink(a, SecondSide), smallB = Shrink(b, SecondSide);
        SketchAlignment small = SketchAlignment.Of(smallA, smallB);
        if (small.CorrelateShared(smallA, small.Move(smallB)) < LeastSecondCorrelation)
            return 0;
        // From where the small ones lie, a large crop is found; from where they begin, what those lead astray.
        return Math.Max(CompareLaid(a, b, SketchAlignment.Of(a, b, small)), CompareLaid(a, b, SketchAlignment.Of(a, b)));
    }

    private static double CompareLaid(double[] a, double[] b, SketchAlignment alignment)
    {
        double[] moved = alignment.Move(b);
        return alignment.CorrelateShared(a, moved) < LeastCorrelation
            ? 0 : alignment.CorrelateShared(DetailsOf(a), DetailsOf(moved));
    }

    private static double[] Shrink<T>(T[] levels, int side) where T : INumber<T>
    {
        int places = Side / side;
        var small = new double[side * side];
        for (int i = 0; i < levels.Length; i++)
            small[i / Side / places * side + i % Side / places] += double.CreateTruncating(levels[i]) / (places * places);
        return small;
    }

    private static double[] Mirror(double[] levels, int side)
    {
        for (int start = 0; start < levels.Length; start += side)
            levels.AsSpan(start, side).Reverse();
        return levels;
    }

    private static double[] DetailsOf(double[] levels)
    {
        double[] surroundings = Smooth(Smooth(levels, step: 1), step: Side);
        return [.. levels.Select((level, i) => level - surroundings[i])];
    }

    // The mean along one direction; beyond the border, the border is repeated.
    private static double[] Smooth(double[] levels, int step)
    {
        var smooth = new double[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            int place = i / step % Side;
            double sum = 0;
            for (int offset = -SurroundingRadius; offset <= SurroundingRadius; offset++)
                sum += levels[i + (Math.Clamp(place + offset, 0, Side - 1) - place) * step];
            smooth[i] = sum / (2 * SurroundingRadius + 1);
        }

        return smooth;
    }
}
