using System.Globalization;

namespace Landmarks.Demo.Reports;

/// <summary>Estimates with their intervals as text.</summary>
internal static class EstimateText
{
    /// <param name="value">The estimate, which has a decimal more than the ends of its interval.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="plus">The sign of what is above 0.</param>
    public static string Of(double value, double low, double high, string plus = "")
    {
        string format = $"{plus}0.0000;-0.0000", ofInterval = $"{plus}0.000;-0.000";
        return $"{Text(value, format)} ({Text(low, ofInterval)} to {Text(high, ofInterval)})";
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
