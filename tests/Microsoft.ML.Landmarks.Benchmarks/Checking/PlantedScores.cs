using static System.FormattableString;

namespace Microsoft.ML.Landmarks.Benchmarks.Checking;

/// <summary>How many of the planted faults were found, by kind.</summary>
internal sealed record PlantedScores(PlantedScore WrongLabels, PlantedScore Duplicates, PlantedScore Recompressed, PlantedScore Cropped,
    PlantedScore Mirrored, PlantedScore Contamination)
{
    /// <param name="planted">The photographs.</param>
    /// <param name="found">What was found in them.</param>
    /// <param name="before">What was found before anything was planted.</param>
    public static PlantedScores Of(IReadOnlyList<PlantedPhotograph> planted, FoundFaults found, FoundFaults before)
    {
        int[] photograph = [.. Enumerable.Range(0, planted.Count)];
        // A copy of what stood there twice before is a copy of both.
        foreach ((int first, int second) in before.Duplicates.Order())
            photograph[second] = photograph[first];
        foreach (int row in RowsOf(PlantedFault.Recompressed, PlantedFault.Cropped, PlantedFault.Mirrored))
            photograph[row] = photograph[planted[row].Original];
        // Each copy by its own row, which is the later one.
        HashSet<int> right
            = [.. found.Duplicates.Where(pair => photograph[pair.Item1] == photograph[pair.Item2]).Select(pair => pair.Item2)];
        HashSet<int> duplicates = [.. found.Duplicates.Select(pair => right.Contains(pair.Item2) ? pair.Item2 : -1 - pair.Item2)],
            duplicatesBefore = [.. before.Duplicates.Select(pair => pair.Item2)];
        return new(
            PlantedScore.Of(RowsOf(PlantedFault.WrongLabel), found.WrongLabels, before.WrongLabels),
            PlantedScore.Of(RowsOf(PlantedFault.Recompressed, PlantedFault.Cropped, PlantedFault.Mirrored), duplicates, duplicatesBefore),
            Copies(PlantedFault.Recompressed), Copies(PlantedFault.Cropped), Copies(PlantedFault.Mirrored),
            PlantedScore.Of(RowsOf(PlantedFault.Contamination), found.Contamination, before.Contamination));

        HashSet<int> RowsOf(params PlantedFault[] faults)
            => [.. Enumerable.Range(0, planted.Count).Where(row => faults.Contains(planted[row].Fault))];

        // Of one kind of copy it can be told how many were found, not how many were found wrongly.
        PlantedScore Copies(PlantedFault fault) => PlantedScore.Of(RowsOf(fault), [.. RowsOf(fault).Where(right.Contains)], []);
    }

    public static PlantedScores operator +(PlantedScores a, PlantedScores b)
        => new(a.WrongLabels + b.WrongLabels, a.Duplicates + b.Duplicates, a.Recompressed + b.Recompressed, a.Cropped + b.Cropped,
            a.Mirrored + b.Mirrored, a.Contamination + b.Contamination);

    /// <summary>Cells of a table: precision, in brackets that without what was found before, and recall; of copies the recall.</summary>
    public override string ToString() => $"{WrongLabels} | {Duplicates} | {Recompressed.Recall:F3} | {Cropped.Recall:F3} | "
        + Invariant($"{Mirrored.Recall:F3} | {Contamination}");
}
