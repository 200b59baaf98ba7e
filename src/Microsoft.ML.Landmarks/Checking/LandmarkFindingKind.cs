namespace Microsoft.ML;

/// <summary>What may be wrong with a photograph; in the order of worth, in which findings are listed.</summary>
public enum LandmarkFindingKind
{
    /// <summary>
    /// The same photograph stands under two landmarks, or under a landmark and among the non-landmarks: one of them is wrong. The score is
    /// that of <see cref="NearDuplicate"/>; 1 where all pixels are the same.
    /// </summary>
    Contradiction,

    /// <summary>
    /// A query is a photograph of the rows, so that what is measured by it is too good. <see cref="LandmarkFinding.Row"/> and
    /// <see cref="LandmarkFinding.Id"/> are the query's, the others those of the row. The score is that of a duplicate.
    /// </summary>
    Leak,

    /// <summary>
    /// The other rows vote for another landmark by a large margin: the label is likely wrong. The score is the margin: the votes for that
    /// landmark less those for the row's own, where 1 is what half of the rows have from their own at least; from 0.3, without a bound.
    /// The margin is at least half of all votes, too, and three photographs of the other landmark vote.
    /// </summary>
    WrongLabel,

    /// <summary>
    /// A non-landmark that the others take for a landmark: it likely shows that landmark, and lowers its scores. The score is the share of
    /// landmark rows that are answered less surely, from 0.2 to 1; three photographs of the landmark vote.
    /// </summary>
    Contamination,

    /// <summary>All pixels are those of another photograph of the landmark (or of the non-landmarks), once both stand upright. The score
    /// is 1.</summary>
    ExactDuplicate,

    /// <summary>
    /// Another photograph of the landmark (or of the non-landmarks) once more: recompressed, resized, mirrored, or cropped by up to a tenth
    /// of a side. The score is how much the details of both are alike once one lies upon the other: their correlation, from 0.84 to 1.
    /// Where pixels are not looked at, features that are nearer than 0.13 of the median distance to the nearest; the score is their cosine
    /// then.
    /// </summary>
    NearDuplicate,

    /// <summary>A landmark with one photograph in effect: it has one row, or all others are duplicates. Its label can't be checked, and one
    /// view of it is little to recognize it by. The score is the number of its rows.</summary>
    SinglePhotograph,

    /// <summary>The photograph can't be read; the advice says why. The score is 0.</summary>
    Unreadable,

    /// <summary>The photograph can be read, or is not looked at, but its features are NaN, infinite or zeros alone: it takes no part in
    /// training. The score is 0.</summary>
    MissingFeatures,

    /// <summary>
    /// The photograph shows nearly one color. The score is the standard deviation of its brightness, in levels of 255: below 4.
    /// </summary>
    Blank,

    /// <summary>The photograph is small: the score is its shorter side in pixels, below 64.</summary>
    Tiny,

    /// <summary>The photograph is dark: the score is the brightness that 99 of 100 places don't exceed, in levels of 255: below
    /// 64.</summary>
    Dark,
}
