using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>What the kinds of findings are called and mean.</summary>
internal static class FindingKinds
{
    /// <summary>Where non-landmarks stand.</summary>
    public const string NoLandmark = "no landmark";

    /// <summary>All kinds, in the order of worth.</summary>
    public static IReadOnlyList<LandmarkFindingKind> All { get; } = Enum.GetValues<LandmarkFindingKind>();

    /// <summary>The name in files and on the command line.</summary>
    public static string NameOf(LandmarkFindingKind kind) => EnumWords.Of(kind);

    /// <summary>What findings of the kind are, as a heading.</summary>
    public static string TitleOf(LandmarkFindingKind kind) => kind switch
    {
        LandmarkFindingKind.Contradiction => "Photographs under two landmarks",
        LandmarkFindingKind.Leak => "Queries that are training photographs",
        LandmarkFindingKind.WrongLabel => "Labels that are likely wrong",
        LandmarkFindingKind.Contamination => "Non-landmarks that likely show a landmark",
        LandmarkFindingKind.ExactDuplicate => "Exact duplicates",
        LandmarkFindingKind.NearDuplicate => "Near duplicates",
        LandmarkFindingKind.SinglePhotograph => "Landmarks with one photograph in effect",
        LandmarkFindingKind.Unreadable => "Photographs that can't be read",
        LandmarkFindingKind.MissingFeatures => "Photographs of which the network makes no numbers",
        LandmarkFindingKind.Blank => "Blank photographs",
        LandmarkFindingKind.Tiny => "Tiny photographs",
        _ => "Dark photographs",
    };

    /// <summary>What to do about findings of the kind.</summary>
    public static string RemedyOf(LandmarkFindingKind kind) => kind switch
    {
        LandmarkFindingKind.Contradiction => "Remove each where it is wrong.",
        LandmarkFindingKind.Leak => "Take them out of either: what is measured by them is too good.",
        LandmarkFindingKind.WrongLabel => "Look at them beside what they are taken for, and move or remove those that are wrong.",
        LandmarkFindingKind.Contamination => "Look at them beside what they are taken for, and move or remove those that show it.",
        LandmarkFindingKind.ExactDuplicate or LandmarkFindingKind.NearDuplicate => "Remove the first of each two, and one copy is left.",
        LandmarkFindingKind.SinglePhotograph => "Add photographs that show them otherwise.",
        LandmarkFindingKind.Unreadable => "Replace or remove them.",
        LandmarkFindingKind.MissingFeatures => "Remove them: they take no part.",
        _ => "Look at them, and replace or remove those that show too little.",
    };

    /// <summary>What the score says, in words; null where it says nothing.</summary>
    public static string? Describe(LandmarkFindingKind kind, double score) => kind switch
    {
        LandmarkFindingKind.Contradiction or LandmarkFindingKind.Leak or LandmarkFindingKind.NearDuplicate => $"likeness {Share(score)}",
        LandmarkFindingKind.WrongLabel => $"margin {Share(score)}",
        LandmarkFindingKind.Contamination => string.Create(CultureInfo.InvariantCulture,
            $"surer than {100 * score:F0} % of the landmarks' photographs"),
        LandmarkFindingKind.SinglePhotograph => Quantity.Of((long)score, "row"),
        LandmarkFindingKind.Blank => $"brightness varies by {Level(score)} of 255",
        LandmarkFindingKind.Tiny => Quantity.Of((long)score, "pixel"),
        LandmarkFindingKind.Dark => $"brightness {Level(score)} of 255",
        _ => null,
    };

    private static string Share(double share) => share.ToString("F3", CultureInfo.InvariantCulture);

    private static string Level(double level) => level.ToString("F1", CultureInfo.InvariantCulture);
}
