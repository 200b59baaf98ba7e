using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Landmarks.Demo.Reports.Html;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Landmarks.Demo.Serving.Page;

/// <summary>A file of the page to try the service on, which asks for nothing but these files and the service's answers.</summary>
internal sealed class PageFile
{
    // Photographs are shown from the browser's own memory: blob.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly byte[] _content;
    private readonly string _type;
    private readonly EntityTagHeaderValue _version;

    private PageFile(string content, string type)
    {
        _content = Encoding.UTF8.GetBytes(content);
        _type = type;
        _version = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(_content))}\"");
    }

    /// <summary>Serves the page at the root, and what it consists of beside it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, PageFile file) in ((string, PageFile)[])
        [
            ("/", new PageFile(Read("page.html"), "text/html; charset=utf-8")),
            // It looks like a report, and adds what a report has not.
            ("/page.css", new PageFile(HtmlPage.StyleSheet + Read("page.css"), "text/css; charset=utf-8")),
            ("/page.js", new PageFile(Read("page.js"), "text/javascript; charset=utf-8")),
            ("/page.svg", new PageFile(Read("page.svg"), "image/svg+xml")),
        ])
            routes.MapGet(path, file.Send).ExcludeFromDescription();
    }

    private FileContentHttpResult Send(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // Another version of the program may serve another page; what is kept is asked for by its version.
        headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_content, _type, entityTag: _version);
    }

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
