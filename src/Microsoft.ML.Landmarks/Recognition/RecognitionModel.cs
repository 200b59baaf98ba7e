using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Whitening;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>What a <see cref="LandmarkRecognizingTransformer"/> consists of, all of which is saved.</summary>
/// <param name="Chosen">How it has learned.</param>
/// <param name="Names">The names of fitted landmarks, by their labels as text.</param>
/// <param name="Lineage">What made the features of the fitted rows.</param>
/// <param name="Whitening">What whitens rows before they are asked; null where they are taken as they are.</param>
/// <param name="Landmarks">Answers them.</param>
/// <param name="Verdict">Judges the answers; null where nothing does.</param>
/// <param name="Columns">The columns that are added; those of a verdict are not, where there is none.</param>
internal sealed record RecognitionModel(ChosenMethod Chosen, IReadOnlyDictionary<string, string> Names, Lineage Lineage,
    WhiteningProjection? Whitening, KnnLandmarkTransformer Landmarks, Verdict? Verdict, AnswerColumns Columns)
{
    /// <summary>How many features a row has that is asked.</summary>
    public int Dimension => Whitening?.InputDimension ?? Landmarks.Dimension;

    /// <summary>How many rows it has, those that are held out too.</summary>
    public long RowCount
        => (long)Landmarks.LandmarkRowCount + Landmarks.NonLandmarkRowCount + (Verdict?.Calibration.HeldOut?.Rows.Count ?? 0);

    /// <summary>How many of these came since Fit.</summary>
    public long RowsSinceFit => Landmarks.RowsSinceFit
        + (Verdict?.Calibration.HeldOut is { } heldOut ? heldOut.Rows.Count - heldOut.OfFit : 0);

    /// <summary>What Fit has learned, in words, that stays as it was where rows come and go.</summary>
    public IReadOnlyList<string> Learned
    {
        get
        {
            List<string> learned = [];
            if (Whitening is not null)
                learned.Add("the whitening");
            if (Chosen.Method.Tunes())
                learned.Add("the weights of the vote");
            // Folds are judged anew, with all that they estimate.
            if (Verdict is { Calibration: { Folds: null, RightAnswers.Count: > 0 } })
                learned.Add("what the verdict estimates of unknown landmarks and of right answers");
            return learned;
        }
    }
}
