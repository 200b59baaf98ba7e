using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>By what answers are judged.</summary>
/// <remarks>
/// The promise holds for any score. Which were measured, and why this one is taken, Results/verdicts.md in the benchmark project says:
/// likeness to non-landmarks tells nothing of landmarks that the model does not know, and likeness to the landmark itself does.
/// </remarks>
internal static class VerdictScore
{
    /// <summary>The sum of the squared cosines of the neighbors that show the predicted landmark, best first, in double precision; a
    /// neighbor with a cosine below 0 adds nothing. Higher is surer.</summary>
    public static float Of(VotedAnswer answer)
    {
        int landmark = answer.Landmarks[0].Landmark;
        double sum = 0;
        foreach (LandmarkNeighbor neighbor in answer.Neighbors)
        {
            if (neighbor.Landmark == landmark && neighbor.Cosine > 0)
                sum += neighbor.Cosine * neighbor.Cosine;
        }

        return (float)sum;
    }
}
