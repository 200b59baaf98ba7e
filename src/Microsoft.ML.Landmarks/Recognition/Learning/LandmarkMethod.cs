namespace Microsoft.ML;

/// <summary>How <see cref="LandmarkRecognizingEstimator"/> learns landmarks from rows.</summary>
public enum LandmarkMethod
{
    /// <summary>The plain method, which is <see cref="KnnLandmarkEstimator"/> as it comes: the rows as they are, both penalties
    /// with weight 1.</summary>
    Plain,

    /// <summary>The rows as they are, without penalties for likeness to non-landmarks.</summary>
    NoPenalties,

    /// <summary>The rows are whitened as <see cref="WhiteningEstimator"/> does by its defaults; both penalties have weight 1.</summary>
    Whitened,

    /// <summary>Whitened rows, without penalties.</summary>
    WhitenedNoPenalties,

    /// <summary>Whitened rows, of which <see cref="KnnLandmarkTuning"/> chooses the weights of the penalties and the exponent of the
    /// votes.</summary>
    WhitenedTuned,
}
