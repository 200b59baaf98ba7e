namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>How far the making of an index is.</summary>
public enum LandmarkIndexState
{
    /// <summary>The database has no schema of its name.</summary>
    Missing,

    /// <summary>It was made, and has no model's rows yet.</summary>
    Empty,

    /// <summary>It has the rows of a model.</summary>
    Loaded,
}
