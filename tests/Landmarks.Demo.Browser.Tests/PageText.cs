using System.Xml;
using System.Xml.Linq;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>Reads a page as a file.</summary>
internal static class PageText
{
    /// <summary>The page is well-formed XML too, which a name that breaks out of its place would end.</summary>
    public static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    /// <summary>What stands in it, in words by single blanks.</summary>
    public static string TextOf(XElement element)
    {
        return string.Join(' ', Text(element).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        static string Text(XNode node) => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "style" } => "",
            XElement child => string.Concat(child.Nodes().Select(Text)) + (child.Name.LocalName is "b" or "bdi" ? "" : " "),
            _ => "",
        };
    }
}
