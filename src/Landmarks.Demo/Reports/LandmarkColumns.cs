using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>What a CSV file tells of a landmark.</summary>
internal static class LandmarkColumns
{
    public static IReadOnlyList<(string Name, Func<LandmarkInfo, string?> Read)> All { get; } =
    [
        ("landmark_id", landmark => landmark.Label),
        ("name", landmark => landmark.Name),
        ("photographs", landmark => landmark.RowCount.ToString(CultureInfo.InvariantCulture)),
    ];
}
