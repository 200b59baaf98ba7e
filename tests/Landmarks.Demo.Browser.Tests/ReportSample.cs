using Landmarks.Demo.Reports.Html;
using Microsoft.ML;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A report on made-up answers, one of each kind at least.</summary>
internal static class ReportSample
{
    /// <summary>The name of a photograph that a page must not obey.</summary>
    public const string HostileName = "<img src=x onerror=\"document.title='obeyed'\">&amp;'`.jpg";

    public const string HostileLandmark = "</style><script>document.title='obeyed'</script><b>Tower";

    /// <summary>What landmarks are called.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["1"] = "Eiffel Tower",
        ["2"] = "Tokyo Tower",
        ["3"] = HostileLandmark,
        ["4"] = "بُرج خليفة",
    };

    public static LandmarkReport Create(bool hasTruth = true) => new()
    {
        Subject = "landmarks.zip",
        Made = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        FalseAlarmRate = 0.05,
        Names = Names,
        Answers =
        [
            Answer("right.jpg", "1", 0.9f, 0.005f, hasTruth ? ["1"] : null),
            Answer("right too, and of a name so long that no line of a telephone holds it/IMG_20240229_174512_a_b_c.jpg", "4", 0.5f, 0.03f,
                hasTruth ? ["004", "1"] : null),
            Answer("confused.jpg", "2", 0.7f, 0.01f, hasTruth ? ["1"] : null),
            Answer("confused again.jpg", "2", 0.6f, 0.02f, hasTruth ? ["1"] : null),
            Answer(HostileName, "3", 0.4f, 0.04f, hasTruth ? [] : null),
            Answer("missed.jpg", "1", 0.1f, 0.2f, hasTruth ? ["1"] : null),
            Answer("dinner.jpg", "1", -0.2f, 0.9f, hasTruth ? [] : null),
            new ReportedAnswer(new LandmarkAnswer { Id = "torn.jpg", Error = "'torn.jpg' is not a readable image." }, null,
                hasTruth ? ["1"] : null),
        ],
    };

    public static ReportedAnswer Answer(string id, string landmark, float score, float probability, string[]? shows)
        => new(new LandmarkAnswer
        {
            Id = id,
            Landmark = landmark,
            Name = Names.GetValueOrDefault(landmark, landmark),
            Score = score,
            IsLandmark = probability <= 0.05f,
            FalseAlarmProbability = probability,
            QueryPenalty = 0.21f,
            Top = [new(landmark, Names.GetValueOrDefault(landmark, landmark), 1.25f), new("2", "Tokyo Tower", 0.5f)],
            Neighbors = [.. Enumerable.Range(0, 5).Select(i => new VotingNeighbor($"reference {i}", i < 3 ? landmark : "2",
                0.75f - i / 8f, 0.25f, 0.5f - i / 8f))],
            NonLandmarkNeighbors = [.. Enumerable.Range(0, 5).Select(i => new NonLandmarkLikeness($"lamp {i}", 0.375f - i / 16f))],
        }, id, shows);

    /// <summary>The page of a report.</summary>
    public static string Write(LandmarkReport report, IReportPictures? pictures = null, int most = 200, bool hasFiles = false)
    {
        using var stream = new MemoryStream();
        long length = HtmlReport.Write(stream, report, CardGroup.Choose(report, most), pictures ?? new NoPictures(), hasFiles);
        Assert.AreEqual(stream.Length, length);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class NoPictures : IReportPictures
    {
        public string? OfPhotograph(ReportedAnswer photograph) => null;

        public string? OfReference(string id) => null;
    }
}
