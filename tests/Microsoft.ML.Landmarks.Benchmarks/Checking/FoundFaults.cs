namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>What was found in a set: rows, and pairs of rows with the earlier one first.</summary>
/// <param name="WrongLabels">Landmark rows whose label is said to be wrong.</param>
/// <param name="Contamination">Non-landmarks that are said to show a landmark.</param>
/// <param name="Duplicates">Rows that are said to show one photograph.</param>
internal sealed record FoundFaults(HashSet<int> WrongLabels, HashSet<int> Contamination, HashSet<(int, int)> Duplicates)
{
    /// <summary>What the library found.</summary>
    public static FoundFaults Of(IReadOnlyList<LandmarkFinding> findings)
        => new(RowsOf(findings, LandmarkFindingKind.WrongLabel), RowsOf(findings, LandmarkFindingKind.Contamination),
            [.. findings.Where(f => f.Kind is LandmarkFindingKind.Contradiction or LandmarkFindingKind.ExactDuplicate
                or LandmarkFindingKind.NearDuplicate)
                .Select(f => ((int)Math.Min(f.Row, f.OtherRow!.Value), (int)Math.Max(f.Row, f.OtherRow!.Value)))]);

    private static HashSet<int> RowsOf(IReadOnlyList<LandmarkFinding> findings, LandmarkFindingKind kind)
        => [.. findings.Where(f => f.Kind == kind).Select(f => (int)f.Row)];
}
