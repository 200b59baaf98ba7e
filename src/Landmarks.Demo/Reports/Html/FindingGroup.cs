using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Findings of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="All">How many there are.</param>
/// <param name="Shown">Those that are shown, the first.</param>
internal sealed record FindingGroup(LandmarkFindingKind Kind, int All, IReadOnlyList<Finding> Shown)
{
    /// <summary>What links to the group name.</summary>
    public string Id => FindingKinds.NameOf(Kind);

    /// <param name="findings">All findings, by worth.</param>
    /// <param name="most">How many are shown at most.</param>
    public static IReadOnlyList<FindingGroup> Choose(IReadOnlyList<Finding> findings, int most)
    {
        FindingGroup[] groups = [.. findings.GroupBy(finding => finding.Kind)
            .Select(kind => new FindingGroup(kind.Key, kind.Count(), [.. kind]))];
        int[] shares = CardShares.Of(most, [.. groups.Select(group => group.All)]);
        return [.. groups.Zip(shares, (group, share) => group with { Shown = [.. group.Shown.Take(share)] })];
    }
}
