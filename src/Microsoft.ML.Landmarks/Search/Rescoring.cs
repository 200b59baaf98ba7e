using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// The last step of every search. A fast look at a row gives an upper bound of its score; a row that its bound does not rule out is scored
/// by <see cref="ExactDot"/>. The order in which rows come changes how many are scored, and never what is found.
/// </summary>
/// <param name="gallery">The rows.</param>
/// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
internal sealed class Rescoring(UnitRows gallery, double[]? penalties)
{
    /// <summary>Whether nothing that scores so much at most is among the best.</summary>
    /// <param name="best">[k], the best rows so far, as <see cref="TopK"/> has them.</param>
    /// <param name="bound">An upper bound of a row's score, or of those of all rows that nobody looked at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsRuledOut(ReadOnlySpan<Neighbor> best, double bound) => bound < TopK.Worst(best);

    /// <summary>Takes a row among the best if it belongs there.</summary>
    /// <param name="best">[k], the best rows so far, as <see cref="TopK"/> has them.</param>
    /// <param name="query">[d].</param>
    /// <param name="row">The number of a row that is not among them.</param>
    /// <param name="bound">An upper bound of its score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(Span<Neighbor> best, ReadOnlySpan<float> query, int row, double bound)
    {
        if (!IsRuledOut(best, bound))
            TopK.Insert(best, Score(query, row));
    }

    /// <summary>A row with its exact score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Neighbor Score(ReadOnlySpan<float> query, int row)
        => new(row, ExactDot.Compute(query, gallery[row]) - (penalties is null ? 0 : penalties[row]));
}
