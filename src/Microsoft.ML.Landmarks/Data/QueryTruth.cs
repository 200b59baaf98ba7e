namespace Microsoft.ML.Landmarks.Data;

/// <summary>What a query shows.</summary>
/// <param name="Landmarks">The landmarks that it is known to show, normalized.</param>
/// <param name="ShowsUnseen">Whether it shows one that its key does not know, which no answer can name.</param>
/// <param name="Usage">The part of the challenge that it counts in; empty for none.</param>
internal readonly record struct QueryTruth(string[] Landmarks, bool ShowsUnseen, string Usage)
{
    /// <summary>The parts of the challenge: two that are measured, and queries that do not count.</summary>
    public const string Public = "Public", Private = "Private", Ignored = "Ignored";

    public bool ShowsLandmark => Landmarks.Length > 0 || ShowsUnseen;

    public bool Counts => Usage != Ignored;

    public static bool IsUsage(string text) => text is Public or Private or Ignored;
}
