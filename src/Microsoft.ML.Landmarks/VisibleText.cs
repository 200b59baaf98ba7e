using System.Globalization;
using System.Text;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// Text of files (names, labels, columns, what other libraries say of them) as messages show it: a character that a terminal or a log would
/// obey or hide is written as its number, and a long text is cut in the middle.
/// </summary>
internal static class VisibleText
{
    private const int MostCharacters = 1_000;
    private const int MostCharactersOfAnItem = 100;
    private const int MostItems = 20;
    private const string Gap = " ... ";

    public static string Visible(string? text, int most = MostCharacters) => Escape(Cut(text ?? "", most));

    /// <summary>Its message, on one line.</summary>
    public static string Visible(Exception exception) => Visible(OneLine(exception.Message));

    /// <summary>The first ones, by commas.</summary>
    public static string Visible(IEnumerable<string> texts)
    {
        string[] first = [.. texts.Take(MostItems + 1)];
        string shown = string.Join(", ", first.Take(MostItems).Select(text => Escape(Cut(text, MostCharactersOfAnItem))));
        return first.Length > MostItems ? $"{shown}, ..." : shown;
    }

    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// Writes as numbers: control and format characters (among them those that turn the direction of writing), ends of lines, halves of
    /// pairs, and what stands for bytes that are no text.
    /// </summary>
    /// <returns>The text of its whole length.</returns>
    public static string Escape(string text)
    {
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length;)
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = isWhole ? rune.Utf16SequenceLength : 1;
            if (!isWhole || MustBeEscaped(rune))
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(isWhole ? rune.Value : text[i]):x4}");
            }
            else
                escaped?.Append(text, i, length);
            i += length;
        }

        return escaped?.ToString() ?? text;
    }

    // Emoji and some scripts join letters by two format characters, which do no harm.
    private static bool MustBeEscaped(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && (rune.Value == Rune.ReplacementChar.Value
            || Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator);

    // Both ends tell: a path begins with its folder and ends with its name.
    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        int start = most / 2, end = text.Length - most / 2;
        if (char.IsHighSurrogate(text[start - 1]))
            start--;
        if (char.IsLowSurrogate(text[end]))
            end++;
        return string.Concat(text.AsSpan(0, start), Gap, text.AsSpan(end));
    }
}
