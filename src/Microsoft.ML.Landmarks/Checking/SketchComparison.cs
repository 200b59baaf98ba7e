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

    // A quick look before: no crop that is found has less, and of the nearest photographs one in twelve has more.
    private const int CoarseSide = 8;
    private const double LeastCoarseCorrelation = 0.7;

    // Surroundings are the mean of so many places in each direction.
    private const int SurroundingRadius = 2;

    /// <summary>The correlation of the details of two photographs, at least <see cref="LeastLikeness"/>; null where they are not
    /// one.</summary>
    public static double? Compare(PhotographSketch first, PhotographSketch second)
    {
        double[] a = [.. first.Levels], b = [.. second.Levels];
        double best = CompareUpright(a, b);
        for (int y = 0; y < Side; y++)
            b.AsSpan(y * Side, Side).Reverse();
        best = Math.Max(best, CompareUpright(a, b));
        return best >= LeastLikeness ? best : null;
    }

    private static double CompareUpright(double[] a, double[] b)
    {
        if (SketchAlignment.Correlate(Shrink(a), Shrink(b)) < LeastCoarseCorrelation)
            return 0;
        SketchAlignment alignment = SketchAlignment.Of(a, b);
        double[] moved = alignment.Move(b);
        return alignment.CorrelateShared(a, moved) < LeastCorrelation
            ? 0 : alignment.CorrelateShared(DetailsOf(a), DetailsOf(moved));
    }

    private static double[] Shrink(double[] levels)
    {
        const int Places = Side / CoarseSide;
        var small = new double[CoarseSide * CoarseSide];
        for (int i = 0; i < levels.Length; i++)
            small[i / Side / Places * CoarseSide + i % Side / Places] += levels[i];
        return small;
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
