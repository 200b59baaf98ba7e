using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Reports.Html;

/// <summary>HTML, written as an interpolated string: text in a hole is encoded, wherever it is from, and only markup is taken as it
/// is.</summary>
[InterpolatedStringHandler]
internal readonly struct Markup
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html;

    /// <param name="literalLength">Set by the compiler.</param>
    /// <param name="formattedCount">Set by the compiler.</param>
    public Markup(int literalLength, int formattedCount) => _html = new StringBuilder(literalLength + 16 * formattedCount);

    public static Markup None => default;

    /// <summary>The markup itself, where the compiler would take an interpolated string for text.</summary>
    public static Markup Of(Markup markup) => markup;

    public static Markup Join(IEnumerable<Markup> parts) => $"{parts}";

    public void AppendLiteral(string html) => _html.Append(html);

    /// <summary>Text; what a reader would obey or not see in it is shown as its number, as everywhere in this program.</summary>
    public void AppendFormatted(string? text) => _html.Append(s_encoder.Encode(VisibleText.Escape(text ?? "")));

    public void AppendFormatted(int number) => _html.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted(Markup markup) => _html.Append(markup._html);

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (Markup part in parts)
            _html.Append(part._html);
    }

    public override string ToString() => _html?.ToString() ?? "";
}
