using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>Names the landmark of a query from its neighbours. One thread's.</summary>
/// <param name="landmarkCount">Landmarks are numbered below this.</param>
internal sealed class LandmarkVote(int landmarkCount)
{
    private readonly double[] _sums = new double[landmarkCount];
    private readonly bool[] _isMet = new bool[landmarkCount];
    // In the order in which neighbours name them.
    private readonly List<int> _met = [];

    /// <summary>
    /// The landmark with the largest sum of its neighbours' votes; of equal sums, the landmark of the better neighbour. A score s votes with
    /// sign(s) |s|^exponent, by <see cref="Power"/>. The sums are taken best neighbour first, in double precision.
    /// </summary>
    /// <param name="neighbors">Best first; those with row -1 stand last and have no vote. At least one votes.</param>
    /// <param name="landmarkOfRow">[n], the landmark of each row of the gallery.</param>
    /// <param name="exponent">Above 0, and so that the sums are finite; with 1 the scores themselves vote.</param>
    /// <returns>The landmark and its sum.</returns>
    public (int Landmark, double Sum) Winner(ReadOnlySpan<Neighbor> neighbors, ReadOnlySpan<int> landmarkOfRow, double exponent = 1)
    {
        _met.Clear();
        for (int i = 0; i < neighbors.Length && neighbors[i].Row >= 0; i++)
        {
            int landmark = landmarkOfRow[neighbors[i].Row];
            if (!_isMet[landmark])
            {
                _isMet[landmark] = true;
                _sums[landmark] = 0;
                _met.Add(landmark);
            }

            _sums[landmark] += Vote(neighbors[i].Score, exponent);
        }

        (int Landmark, double Sum) winner = (-1, double.NegativeInfinity);
        foreach (int landmark in _met)
        {
            _isMet[landmark] = false;
            if (_sums[landmark] > winner.Sum)
                winner = (landmark, _sums[landmark]);
        }

        return winner;
    }

    private static double Vote(double score, double exponent)
        => exponent == 1 ? score : Math.CopySign(Power.Of(Math.Abs(score), exponent), score);
}
