namespace Microsoft.ML;

/// <summary>What may be wrong with a photograph; in the order of worth, in which findings are listed.</summary>
public enum LandmarkFindingKind
{
    /// <summary>
    /// The same photograph stands under two landmarks, or under a landmark and among the non-landmarks: one of them is wrong. The score is
    /// the likeness of the pixels, as that of <see cref="NearDuplicate"/>; 1 where they are equal.
    /// </summary>
    Contradiction,

    /// <summary>
    /// A query is a photograph of the rows, so that what is measured by it is too good. <see cref="LandmarkFinding.Row"/> and
    /// <see cref="LandmarkFinding.Id"/> are the query's, the others those of the row. The score is the likeness of the pixels.
    /// </summary>
    Leak,

    /// <summary>
    /// The nearest rows vote for another landmark by a large margin: the label is likely wrong. The score is the margin: how much larger
    /// the share of the other landmark in the votes is than that of the row's own, from 0 to 1.
    /// </summary>
    WrongLabel,

    /// <summary>
    /// A non-landmark that the nearest rows vote into a landmark: it likely shows that landmark, and lowers its scores. The score is the
    /// share of the landmarks' rows that are answered less surely when they are left out, from 0 to 1.
    /// </summary>
    Contamination,

    /// <summary>The same pixels as another photograph of the landmark (or of the non-landmarks), once both stand upright. The score is
    /// 1.</summary>
    ExactDuplicate,

    /// <summary>
    /// Nearly the same pixels as another photograph of the landmark (or of the non-landmarks): recompressed, resized, mirrored or cropped
    /// a little. The score is the correlation of the pixels, 1 for equal ones. Where there are no pixels to compare, features that are far
    /// nearer than those of others are: the score is the cosine then.
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
