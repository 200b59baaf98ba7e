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

    /// <summary>Prediction engines of a chain of ML.NET's own steps, which ends with the network.</summary>
    StockEngines,

    /// <summary>A Transform of one row, by a chain of ML.NET's own steps.</summary>
    StockTransform,
}
