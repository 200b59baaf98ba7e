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
        return new(
            PlantedScore.Of(RowsOf(PlantedFault.WrongLabel), found.WrongLabels, before.WrongLabels),
            PlantedScore.Of([.. RowsOf(PlantedFault.Recompressed, PlantedFault.Cropped, PlantedFault.Mirrored).Select(PairOf)],
                found.Duplicates, before.Duplicates),
            Copies(PlantedFault.Recompressed), Copies(PlantedFault.Cropped), Copies(PlantedFault.Mirrored),
            PlantedScore.Of(RowsOf(PlantedFault.Contamination), found.Contamination, before.Contamination));

        HashSet<int> RowsOf(params PlantedFault[] faults)
            => [.. Enumerable.Range(0, planted.Count).Where(row => faults.Contains(planted[row].Fault))];

        (int, int) PairOf(int row) => (planted[row].Original, row);

        // Of one kind of copy it can be told how many were found, not how many were found wrongly.
        PlantedScore Copies(PlantedFault fault)
        {
            HashSet<(int, int)> pairs = [.. RowsOf(fault).Select(PairOf)];
            return PlantedScore.Of(pairs, [.. found.Duplicates.Where(pairs.Contains)], []);
        }
    }

    public static PlantedScores operator +(PlantedScores a, PlantedScores b)
        => new(a.WrongLabels + b.WrongLabels, a.Duplicates + b.Duplicates, a.Recompressed + b.Recompressed, a.Cropped + b.Cropped,
            a.Mirrored + b.Mirrored, a.Contamination + b.Contamination);

    /// <summary>Cells of a table: precision, in brackets that without what was found before, and recall; of copies the recall.</summary>
    public override string ToString() => $"{WrongLabels} | {Duplicates} | {Recompressed.Recall:F3} | {Cropped.Recall:F3} | "
        + Invariant($"{Mirrored.Recall:F3} | {Contamination}");
}
