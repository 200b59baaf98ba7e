using System.Text.RegularExpressions;
using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Names of landmarks as programs write them: a text, or a whole number in several forms.</summary>
internal static partial class LandmarkName
{
    // By pandas and numpy, R, SQL, and spreadsheets.
    private static readonly HashSet<string> s_missing = ["nan", "NaN", "None", "<NA>", "NA", "N/A", "null", "NULL", "#N/A"];

    /// <summary>
    /// Reads a name in a file. A whole number with a point, as pandas writes it in a column that also has missing values, is that number; a
    /// text of blanks is none. What is no name: a fraction, a number with an exponent (it may have lost digits), the mark of a missing
    /// value, a text with control characters, or with blanks around it.
    /// </summary>
    public static bool TryRead(string text, out string name)
    {
        name = "";
        if (string.IsNullOrWhiteSpace(text))
            return true;
        if (IsMissing(text) || HasControl(text) || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return false;
        Match whole = WholeNumber.Match(text);
        name = whole.Success ? $"{whole.Groups["minus"]}{whole.Groups["zeros"]}{whole.Groups["digits"]}" : NormalForm.Of(text);
        return whole.Success || !Number.IsMatch(text);
    }

    /// <summary>A name in the form in which it is compared: 7, 007 and 7.0 are one landmark, as are names that differ in Unicode
    /// form.</summary>
    public static string Normalize(string name)
    {
        Match whole = WholeNumber.Match(name);
        string digits = whole.Groups["digits"].Value;
        return !whole.Success ? NormalForm.Of(name) : digits == "0" ? digits : $"{whole.Groups["minus"]}{digits}";
    }

    /// <summary>Whether a text is how programs write a missing value.</summary>
    public static bool IsMissing(string text) => s_missing.Contains(text);

    /// <summary>Whether a label says that there is no landmark: it is empty, or -1 as numbers compare.</summary>
    public static bool IsNone(string name) => string.IsNullOrWhiteSpace(name) || Normalize(name) == LandmarkLabel.NonLandmarkText;

    public static bool IsWholeNumber(string name) => WholeNumber.IsMatch(name);

    /// <summary>Whether a name reads as a list of landmarks by number.</summary>
    public static bool IsListOfNumbers(string name) => NumbersByBlanks.IsMatch(name);

    public static bool HasControl(string text)
        => text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.AsSpan().ContainsAnyInRange('\x7F', '\x9F');

    [GeneratedRegex(@"^(\+|(?<minus>-))?(?<zeros>0*)(?<digits>[0-9]+)(\.0*)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex WholeNumber { get; }

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Number { get; }

    [GeneratedRegex(@"^\s*[+-]?[0-9]+(\s+[+-]?[0-9]+)+\s*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NumbersByBlanks { get; }
}
