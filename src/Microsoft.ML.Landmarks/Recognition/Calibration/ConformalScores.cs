using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>
/// Scores of photographs that deserve no answer, by which others are judged: a photograph like them, whose score could as well stand
/// anywhere among theirs, is answered with a chance of at most the stated rate.
/// </summary>
/// <remarks>
/// Of n + 1 scores in random order the last is among the k largest with a chance of at most k / (n + 1), with ties too where a tie counts
/// against it. Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005. How far the rate of one set of scores lies from that:
/// Vovk, Conditional validity of inductive conformal predictors, 2012.
/// </remarks>
internal sealed class ConformalScores
{
    private const double Tail = 0.025;

    private readonly float[] _ascending;

    /// <param name="scores">Higher is surer; no NaN. Minus infinity stands for a photograph without an answer.</param>
    public ConformalScores(IEnumerable<float> scores) => _ascending = [.. scores.Order()];

    /// <summary>n.</summary>
    public int Count => _ascending.Length;

    /// <summary>[n], the lowest first.</summary>
    public ReadOnlyMemory<float> Ascending => _ascending;

    /// <summary>The lowest rate that these scores allow; 1 of none.</summary>
    /// <param name="confidence">How surely the rate is to hold; null: in the mean over all sets of so many scores.</param>
    public double LowestRate(double? confidence)
        => Math.Max(1.0 / (Count + 1), confidence is { } c ? -SpecialFunctions.Expm1(SpecialFunctions.Log1p(-c) / Count) : 0);

    /// <summary>The fewest scores that allow a rate.</summary>
    /// <param name="rate">Above 0, below 1.</param>
    /// <param name="confidence">How surely it is to hold; null: in the mean.</param>
    /// <returns><see cref="int.MaxValue"/> where no number of scores that fits it is enough.</returns>
    public static int FewestFor(double rate, double? confidence)
    {
        // Rounded down; what rounding has left is found one by one.
        double few = Math.Max(1 / rate - 1, confidence is { } c ? SpecialFunctions.Log1p(-c) / SpecialFunctions.Log1p(-rate) : 0) - 1;
        if (few >= int.MaxValue - 2)
            return int.MaxValue;
        int count = Math.Max(1, (int)few);
        while (MostAllowed(count, rate, confidence) == 0)
            count++;
        return count;
    }

    /// <summary>The chance that a score of one that deserves no answer is as high: the share of these scores and its own.</summary>
    /// <param name="score">No NaN.</param>
    public double Probability(float score) => (1.0 + CountFrom(score)) / (Count + 1);

    /// <summary>Whether a score is answered at a rate.</summary>
    /// <param name="score">No NaN.</param>
    /// <param name="rate">Above 0, below 1.</param>
    /// <param name="confidence">How surely it is to hold; null: in the mean.</param>
    public bool IsAnswered(float score, double rate, double? confidence) => score > Threshold(rate, confidence);

    /// <summary>The score that an answer must exceed; infinity where these scores do not allow the rate.</summary>
    /// <param name="rate">Above 0, below 1.</param>
    /// <param name="confidence">How surely it is to hold; null: in the mean.</param>
    public float Threshold(double rate, double? confidence)
        => MostAllowed(Count, rate, confidence) is > 0 and var k ? _ascending[Count - k] : float.PositiveInfinity;

    /// <summary>Where the true rate of these scores at a stated one lies with 95 %, for scores without ties; with ties it is no
    /// higher.</summary>
    /// <param name="rate">Above 0, below 1.</param>
    /// <param name="confidence">How surely it is to hold; null: in the mean.</param>
    public MetricInterval Interval(double rate, double? confidence)
    {
        int k = MostAllowed(Count, rate, confidence);
        return k == 0 ? new MetricInterval(0, 0)
            : new MetricInterval(Beta.InvCDF(k, Count + 1 - k, Tail), Beta.InvCDF(k, Count + 1 - k, 1 - Tail));
    }

    /// <summary>k: one that is among the k largest of n + 1 scores is answered.</summary>
    private static int MostAllowed(int count, double rate, double? confidence)
    {
        // By the quotient, which is the double nearest to a rate like 0.29 where the product is 28.999999999999996.
        int k = (int)(rate * (count + 1.0));
        if ((k + 1) / (count + 1.0) <= rate)
            k++;
        if (k / (count + 1.0) > rate)
            k--;
        if (confidence is not { } c)
            return k;
        // The true rate has the distribution Beta(k, n + 1 - k), which grows with k.
        int none = 0;
        while (none < k)
        {
            int middle = none + (k - none + 1) / 2;
            if (HoldsWith(middle, count, rate) >= c)
                none = middle;
            else
                k = middle - 1;
        }

        return none;
    }

    // Of the closed form where there is one: the quantiles at the edge are asked for by users.
    private static double HoldsWith(int k, int count, double rate)
        => k == 1 ? -SpecialFunctions.Expm1(count * SpecialFunctions.Log1p(-rate)) : Beta.CDF(k, count + 1 - k, rate);

    /// <summary>How many are above a score.</summary>
    public int CountAbove(float score) => CountFrom(MathF.BitIncrement(score));

    private int CountFrom(float score)
    {
        int first = 0, end = Count;
        while (first < end)
        {
            int middle = first + (end - first) / 2;
            if (_ascending[middle] >= score)
                end = middle;
            else
                first = middle + 1;
        }

        return Count - first;
    }
}
