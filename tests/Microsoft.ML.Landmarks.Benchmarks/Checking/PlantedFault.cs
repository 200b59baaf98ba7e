namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>What was made wrong with a photograph.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>It has the label of another landmark.</summary>
    WrongLabel,

    /// <summary>It shows a landmark and is labelled as a non-landmark.</summary>
    Contamination,

    /// <summary>It is another photograph of the set, saved as a JPEG of low quality.</summary>
    Recompressed,

    /// <summary>It is another one without 5 % of each side.</summary>
    Cropped,

    /// <summary>It is the mirror image of another one.</summary>
    Mirrored,
}
