using Microsoft.ML;

namespace Landmarks.Demo.Reports.Html;

/// <summary>A rate that was measured, beside what was stated.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Meaning">What is counted.</param>
/// <param name="Stated">The most that was stated; null where nothing was.</param>
/// <param name="Measured">What came of it.</param>
internal sealed record ReportedRate(string Name, string Meaning, double? Stated, MeasuredRate Measured);
