namespace Microsoft.ML.Landmarks.Evaluation;

/// <summary>
/// The metric of the Google Landmark Recognition challenge (Perronnin, Liu, Renders, A family of contextual measures of similarity between
/// distributions with application to image retrieval, CVPR 2009; metrics.py of the landmark code in tensorflow/models, research/delf).
/// </summary>
/// <remarks>
/// GAP = (1 / M) Σ P(i) rel(i) over the answers by falling confidence, of equal ones by query id, ordinal: P(i) is the share of right
/// answers among the first i, rel(i) is 1 for a right answer, M the number of queries that show a landmark, answered or not. An answer to
/// a query that shows none is wrong and takes its rank.
/// </remarks>
internal static class GlobalAveragePrecision
{
    /// <summary>Σ P(i) rel(i) and Σ rel(i) over answers of which it is known whether they are right.</summary>
    /// <param name="ranked">By falling confidence.</param>
    public static (double Precisions, int Right) SumPrecisions(IEnumerable<bool> ranked)
    {
        double precisions = 0;
        int rank = 0, right = 0;
        foreach (bool isRight in ranked)
        {
            rank++;
            if (!isRight)
                continue;
            right++;
            precisions += (double)right / rank;
        }

        return (precisions, right);
    }
}
