namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>The roles of a database that may use an index besides its owner. They must be there already.</summary>
public sealed class LandmarkIndexRoles
{
    /// <summary>Those that ask.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>Those that ask, and add and remove rows.</summary>
    public IReadOnlyList<string> Writers { get; init; } = [];
}
