namespace Microsoft.ML.Landmarks;

/// <summary>Names the landmark of a query from its neighbours.</summary>
internal static class LandmarkVote
{
    /// <summary>
    /// The landmark with the largest sum of its neighbours' votes; of equal sums, the landmark of the better neighbour. A score s votes with
    /// sign(s) |s|^exponent. The sums are taken best neighbour first, in double precision.
    /// </summary>
    /// <param name="neighbors">Best first; those with row -1 stand last and have no vote. At least one votes.</param>
    /// <param name="landmarkOfRow">[n], the landmark of each row of the gallery.</param>
    /// <param name="exponent">Above 0, and so that the sums are finite; with 1 the scores themselves vote.</param>
    /// <returns>The landmark and its sum.</returns>
    public static (int Landmark, double Sum) Winner(ReadOnlySpan<Neighbor> neighbors, ReadOnlySpan<int> landmarkOfRow, double exponent = 1)
    {
        (int Landmark, double Sum) winner = (-1, double.NegativeInfinity);
        for (int i = 0; i < neighbors.Length && neighbors[i].Row >= 0; i++)
        {
            int landmark = landmarkOfRow[neighbors[i].Row];
            double sum = 0;
            bool isFirst = true;
            for (int j = 0; isFirst && j < neighbors.Length && neighbors[j].Row >= 0; j++)
            {
                if (landmarkOfRow[neighbors[j].Row] != landmark)
                    continue;
                isFirst = j >= i;
                sum += Vote(neighbors[j].Score, exponent);
            }

            if (isFirst && sum > winner.Sum)
                winner = (landmark, sum);
        }

        return winner;
    }

    private static double Vote(double score, double exponent) => exponent == 1 ? score : Math.CopySign(Math.Pow(Math.Abs(score), exponent), score);
}
