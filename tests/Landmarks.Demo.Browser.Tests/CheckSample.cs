using Landmarks.Demo.Reports;
using Landmarks.Demo.Reports.Html;
using Microsoft.ML;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A report on made-up findings, one of each kind at least.</summary>
internal static class CheckSample
{
    /// <summary>The photograph of which there is no picture.</summary>
    public const string Torn = "torn.jpg";

    public static CheckReport Create() => new()
    {
        Subject = "5 landmark rows and 2 non-landmark rows",
        Made = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        Limits = "leak (no queries are named)",
        Findings =
        [
            Pair(LandmarkFindingKind.Contradiction, ReportSample.HostileName, ReportSample.HostileLandmark, "b.jpg", "Tokyo Tower", 1),
            Pair(LandmarkFindingKind.Leak, "queries/a.jpg", null, "a.jpg", "Eiffel Tower", 0.9871),
            Pair(LandmarkFindingKind.WrongLabel, "c.jpg", "Eiffel Tower", null, "بُرج خليفة", 0.75),
            Pair(LandmarkFindingKind.Contamination, "nothing/1.jpg", null, "b.jpg", "Tokyo Tower", 0.5),
            Pair(LandmarkFindingKind.NearDuplicate,
                "of a name so long that no line of a telephone holds it/IMG_20240229_174512_a_b_c.jpg", "Tokyo Tower", "b.jpg",
                "Tokyo Tower", 0.9999),
            Pair(LandmarkFindingKind.NearDuplicate, "e.jpg", "Tokyo Tower", "b.jpg", "Tokyo Tower", 0.99),
            Pair(LandmarkFindingKind.NearDuplicate, "f.jpg", "Tokyo Tower", "b.jpg", "Tokyo Tower", 0.98),
            Alone(LandmarkFindingKind.SinglePhotograph, "a.jpg", 1, "Add photographs of the landmark."),
            Alone(LandmarkFindingKind.Unreadable, Torn, 0, "'torn.jpg' is not a readable image. Replace or remove it."),
            Alone(LandmarkFindingKind.Unreadable, "gone.jpg", 0, "'gone.jpg' does not exist. Replace or remove it."),
            Alone(LandmarkFindingKind.Tiny, "g.jpg", 34, "Replace it."),
        ],
    };

    /// <summary>The page of a report.</summary>
    public static string Write(CheckReport report, string? picture = null, int most = 200, bool hasFiles = false)
    {
        using var stream = new MemoryStream();
        long length = HtmlCheckReport.Write(stream, report, FindingGroup.Choose(report.Findings, most),
            path => path == Torn ? null : picture, hasFiles);
        Assert.AreEqual(stream.Length, length);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Finding Pair(LandmarkFindingKind kind, string id, string? landmark, string? otherId, string other, double score) => new()
    {
        Kind = kind,
        Id = id,
        Path = id,
        Landmark = landmark,
        Name = landmark,
        OtherId = otherId,
        OtherPath = otherId,
        OtherLandmark = other,
        OtherName = other,
        Score = score,
        Advice = $"Look at it, whether it is {kind}.",
    };

    private static Finding Alone(LandmarkFindingKind kind, string id, double score, string advice) => new()
    {
        Kind = kind,
        Id = id,
        Path = id,
        Landmark = "1",
        Name = "Eiffel Tower",
        Score = score,
        Advice = advice,
    };
}
