namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>What is written where there is no service.</summary>
internal enum ServingPeer
{
    /// <summary>A recognizer, one photograph after the other.</summary>
    Single,

    /// <summary>A prediction engine a core, which those who ask take turns with.</summary>
    Engines,

    /// <summary>A Transform of one row for each who asks.</summary>
    Transform,
}
