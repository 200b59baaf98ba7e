using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Landmarks.Demo.Reports.Html;

/// <summary>Writes a page without script, which asks for nothing that is not in it.</summary>
internal static class HtmlPage
{
    /// <summary>How reports look.</summary>
    public static string StyleSheet { get; } = ReadStyle();

    /// <param name="stream">Takes the page.</param>
    /// <param name="title">What kind of page it is.</param>
    /// <param name="subject">What it is of, in a few words.</param>
    /// <param name="made">When it was made.</param>
    /// <param name="hasFiles">Whether pictures are files beside the page.</param>
    /// <param name="parts">What it tells.</param>
    /// <param name="extent">How much of all that is.</param>
    /// <returns>How many bytes the page has.</returns>
    public static long Write(Stream stream, string title, string subject, DateTimeOffset made, bool hasFiles, IEnumerable<Markup> parts,
        string extent)
    {
        long length = 0;
        // A part at a time: with its pictures a page may be larger than one string.
        foreach (Markup part in parts.Prepend(Head(title, subject, made, hasFiles)).Append(Foot(extent)))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part.ToString());
            stream.Write(bytes);
            length += bytes.Length;
        }

        return length;
    }

    private static Markup Head(string title, string subject, DateTimeOffset made, bool hasFiles) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="{Policy(hasFiles)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}: {subject}</title>
        <style>{Style}</style>
        </head>
        <body>
        <header class="page">
        <h1>{title}</h1>
        <p class="subject"><bdi>{subject}</bdi></p>
        <p class="note">{made.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)}</p>
        </header>
        <main>
        """;

    private static Markup Style
    {
        get
        {
            Markup style = $"";
            style.AppendLiteral(StyleSheet);
            return style;
        }
    }

    private static Markup Foot(string extent) => $"""

        </main>
        <footer class="page"><p class="note">{extent}</p></footer>
        </body>
        </html>

        """;

    private static string Policy(bool hasFiles) => $"default-src 'none'; img-src data:{(hasFiles ? " 'self' file:" : "")}; "
        + $"style-src 'sha256-{Hash(StyleSheet)}'; base-uri 'none'; form-action 'none'";

    // The policy allows this very style and no other, nor any script.
    private static string Hash(string style) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
