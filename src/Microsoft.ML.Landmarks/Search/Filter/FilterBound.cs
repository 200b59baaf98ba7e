using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>What the exactness of the filter rests on: an upper bound of the score of a row, each step of its proof a method.</summary>
/// <remarks>
/// <para>The bound. With mean m, x' = x - m, and offsets a_q = q · m - m · m (<see cref="OffsetOfQuery"/>) and b_t = t · m - penalty
/// (<see cref="OffsetOfRow"/>), the score of row t for query q is q' · t' + a_q + b_t. On orthonormal axes x' has the prefix y and a rest
/// of length ρ (<see cref="Residual"/>), so that q' · t' ≤ y_q · y_t + ρ_q ρ_t, and ρ_q ρ_t ≤ (λ ρ_q² + ρ_t² / λ) / 2 for any λ
/// (<see cref="FilterScales.Balance"/>). Prefixes are quantised: y = s v + a rest of length e, so that
/// y_q · y_t ≤ u v_q · v_t + e_q |s_G v_t| + |y_q| e_t with u = s_Q s_G. With X ≥ |y_q| and Y ≥ |s_G v_t| each term belongs to one side: a
/// row passes where v_q · v_t + c_t ≥ θ_q, c_t = ⌈(b_t + X e_t + ρ_t² / 2λ) / u⌉ (<see cref="TermOfRow"/>,
/// <see cref="Constant(double, FilterScales)"/>) and θ_q = ⌈(τ - a_q - Y e_q - λ ρ_q² / 2 - slack) / u⌉ (<see cref="TermOfQuery"/>,
/// <see cref="Threshold"/>), τ being the k-th best score so far. A query longer than X adds what it is longer, times the largest e_t, to
/// the slack (<see cref="Excess"/>); the rest of the slack is for rounding (<see cref="Rounding"/>). Sums of codes are whole numbers, so
/// that c_t and θ_q may both be rounded up.</para>
/// <para>The second bound (<see cref="OfAllCoordinates"/>) has all coordinates, rotated (<see cref="Hadamard"/>) and quantised for each
/// vector: w = σ v + a rest of length f, and q' · t' ≤ σ_q σ_t v_q · v_t + f_q |σ_t v_t| + |w_q| f_t.</para>
/// <para>Rounding. With ε for <see cref="FilterSpace.PrefixError"/> in the first bound and <see cref="FilterSpace.RotationError"/> in the
/// second, and P for the largest penalty, the slack is (ε (2 + ε) + 2^-22) |q'| max |t'| + (1 + P) (D + 1000) 2^-53. Rows have unit length,
/// so that |m| ≤ 1 and |x'| ≤ 2. The steps:</para>
/// <list type="bullet">
/// <item>Centering rounds each value of x' by 2^-24 of itself, which changes q' · t' by at most (2 · 2^-24 + 2^-48) |q'| |t'|. 2^-22
/// (<see cref="CenteringError"/>) is nearly twice that; the other half is for what is computed in double precision of lengths and
/// residuals, off by less than 2^-40 of itself. That the sum of λ ρ_q² / 2 and ρ_t² / 2λ is off by such a part of itself lowers what it
/// bounds, ρ_q ρ_t ≤ |q'| |t'|, by no larger part.</item>
/// <item>The rotation moves x' by at most <see cref="Hadamard.RelativeError"/> |x'|.</item>
/// <item>The projection moves y by at most <see cref="ProjectionError"/> |x'|.</item>
/// <item>Vectors that are off by ε of their lengths change a product by at most ε (2 + ε) |q'| |t'| (<see cref="ProductError"/>). ρ² is
/// |x'|² less the square of |y| - ε |x'|, so that it is never too small; |y_q| and |w_q| are taken as (1 + ε) |q'|
/// (<see cref="LongestOf"/>).</item>
/// <item>e, f, |s_G v| and |σ v| are measured in single precision, and enlarged by what that can lose
/// (<see cref="ByteCodes.UpperBound"/>).</item>
/// <item>The score, q · m, t · m and m · m are sums in double precision, and some twenty operations make a bound of them, or a threshold
/// (<see cref="DoubleError"/>). What products of single precision lose near 0 is below 2^-100.</item>
/// </list>
/// </remarks>
internal static class FilterBound
{
    /// <summary>
    /// The constant of places beyond the last row: below that of any row, so that they hardly pass; who searches leaves out those that do.
    /// </summary>
    public const int ConstantOfNoRow = -(1 << 29);

    /// <summary>The threshold of places beyond the last query, which no row reaches.</summary>
    public const int ThresholdOfNoQuery = 1 << 30;

    /// <summary>What centering, and lengths and residuals in double precision, can add to a score, relative to |q'| |t'|.</summary>
    public const double CenteringError = 1.0 / (1 << 22);

    // Limits of constants and thresholds, which still compare on the safe side: a row whose constant was clamped at the top passes the
    // largest threshold, and every row passes the smallest.
    private const double MostConstant = 5e8, MostThreshold = 4e8, LeastThreshold = -6e8;

    /// <summary>b_t.</summary>
    /// <param name="row">[D].</param>
    /// <param name="mean">[D].</param>
    /// <param name="penalty">What is taken off its scores.</param>
    public static double OffsetOfRow(ReadOnlySpan<float> row, ReadOnlySpan<float> mean, double penalty)
        => ExactDot.Compute(row, mean) - penalty;

    /// <summary>a_q.</summary>
    /// <param name="query">[D].</param>
    /// <param name="mean">[D].</param>
    /// <param name="meanSquare">m · m.</param>
    public static double OffsetOfQuery(ReadOnlySpan<float> query, ReadOnlySpan<float> mean, double meanSquare)
        => ExactDot.Compute(query, mean) - meanSquare;

    /// <summary>
    /// How far a prefix is from the true one, at most, relative to |x'|. A coordinate is rounded by at most (128 + chains) 2^-24 |x'|:
    /// chains of 128 products (n roundings of a sum of n products are at most n 2^-24 Σ |products|, to first order), and then the sum of
    /// the chains. Axes are off by <see cref="PrincipalAxes.RoundingUnits"/>. Of d coordinates both are √d times that. The unit that is to
    /// spare there is for terms of second order, far below a unit, and for the rounding of ρ².
    /// </summary>
    /// <param name="axes">d.</param>
    /// <param name="dimensionsInChain">Products that are added in one chain.</param>
    /// <param name="chains">Chains that are added up afterwards.</param>
    public static double ProjectionError(int axes, int dimensionsInChain, int chains)
        => Math.Sqrt(axes) * (dimensionsInChain + chains + PrincipalAxes.RoundingUnits) * Math.ScaleB(1, -24);

    /// <summary>An upper bound of ρ: what the measured prefix misses of the true one may only make it longer.</summary>
    /// <param name="square">|x'|².</param>
    /// <param name="prefixLength">|y|, as measured.</param>
    /// <param name="relativeError">ε.</param>
    public static double Residual(double square, double prefixLength, double relativeError)
        => Math.Sqrt(Math.Max(0, square - Math.Pow(Math.Max(0, prefixLength - relativeError * Math.Sqrt(square)), 2)));

    /// <summary>How long the coordinates of a vector can be.</summary>
    /// <param name="length">|x'|.</param>
    /// <param name="relativeError">ε.</param>
    public static double LongestOf(double length, double relativeError) => length * (1 + relativeError);

    /// <summary>b_t + X e_t + ρ_t² / 2λ.</summary>
    /// <param name="offset">b_t.</param>
    /// <param name="error">e_t.</param>
    /// <param name="residual">ρ_t.</param>
    /// <param name="scales">X and λ.</param>
    public static double TermOfRow(double offset, double error, double residual, FilterScales scales)
        => offset + scales.QueryLength * error + residual * residual / (2 * scales.Balance);

    /// <summary>c_t.</summary>
    /// <param name="term">Of <see cref="TermOfRow"/>.</param>
    /// <param name="scales">u.</param>
    public static int Constant(double term, FilterScales scales) => Clamped(Math.Ceiling(term / scales.Unit));

    /// <summary>c_t of a row whose score is higher by a difference.</summary>
    /// <param name="constant">Without the difference.</param>
    /// <param name="difference">What is added to its scores.</param>
    /// <param name="scales">u.</param>
    public static int Constant(int constant, double difference, FilterScales scales)
        // One that was clamped at the top would have been larger, nobody knows by how much.
        => constant < MostConstant ? Clamped(constant + Math.Ceiling(difference / scales.Unit)) : constant;

    /// <summary>a_q + Y e_q + λ ρ_q² / 2.</summary>
    /// <param name="offset">a_q.</param>
    /// <param name="error">e_q.</param>
    /// <param name="residual">ρ_q.</param>
    /// <param name="longestRowPrefix">Y.</param>
    /// <param name="scales">λ.</param>
    public static double TermOfQuery(double offset, double error, double residual, double longestRowPrefix, FilterScales scales)
        => offset + error * longestRowPrefix + scales.Balance * residual * residual / 2;

    /// <summary>What a query adds that is longer than the constants of rows allow for.</summary>
    /// <param name="longest">The most that |y_q| can be.</param>
    /// <param name="largestRowError">The largest e_t.</param>
    /// <param name="scales">X.</param>
    public static double Excess(double longest, double largestRowError, FilterScales scales)
        => Math.Max(0, longest - scales.QueryLength) * largestRowError;

    /// <summary>θ_q: what the sum of a row must reach that scores so much. One that reaches a threshold reaches it rounded up.</summary>
    /// <param name="score">τ.</param>
    /// <param name="queryTerm">Of <see cref="TermOfQuery"/>, with the slack added.</param>
    /// <param name="scales">u.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Threshold(double score, double queryTerm, FilterScales scales)
        => (int)Math.Clamp(Math.Ceiling((score - queryTerm) / scales.Unit), LeastThreshold, MostThreshold);

    /// <summary>The second bound of a score.</summary>
    /// <param name="estimate">σ_q σ_t v_q · v_t + a_q + b_t.</param>
    /// <param name="query">f_q.</param>
    /// <param name="row">f_t and |σ_t v_t|.</param>
    /// <param name="longestQuery">The most that |w_q| can be.</param>
    /// <param name="rounding">Of <see cref="Rounding"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double OfAllCoordinates(double estimate, in FilterRow query, in FilterRow row, double longestQuery, double rounding)
        => estimate + query.Error * row.Length + row.Error * longestQuery + rounding;

    /// <summary>What rounding can add to a score: the slack but for <see cref="Excess"/>.</summary>
    /// <param name="relativeError">ε.</param>
    /// <param name="queryLength">|q'|.</param>
    /// <param name="longestRow">The largest |t'|.</param>
    /// <param name="largestPenalty">P.</param>
    /// <param name="dimension">D.</param>
    public static double Rounding(double relativeError, double queryLength, double longestRow, double largestPenalty, int dimension)
        => (ProductError(relativeError) + CenteringError) * queryLength * longestRow + DoubleError(largestPenalty, dimension);

    /// <summary>How far the product of two vectors is off, each off by ε of its length, relative to the product of the lengths.</summary>
    /// <param name="relativeError">ε.</param>
    public static double ProductError(double relativeError) => relativeError * (2 + relativeError);

    /// <summary>
    /// How far sums in double precision are off, and what is made of them. The score, q · m, t · m and m · m have chains of D / 32
    /// products: each is off by at most (D / 32 + 6) 2^-53. Some twenty operations follow on numbers up to 12 + P. Together that is less
    /// than (D / 8 + 264 + 20 P) 2^-53.
    /// </summary>
    /// <param name="largestPenalty">P.</param>
    /// <param name="dimension">D.</param>
    public static double DoubleError(double largestPenalty, int dimension)
        => (1 + largestPenalty) * (dimension + 1000) * Math.ScaleB(1, -53);

    private static int Clamped(double constant) => (int)Math.Clamp(constant, -MostConstant, MostConstant);
}
