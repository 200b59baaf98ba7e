using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Landmarks.Demo.Serving;

/// <summary>The path of a request as it was sent. Of the one that is decoded nobody can tell whether a <c>%2F</c> in it is a slash, which
/// stays as it is, or those three characters, which were sent as <c>%252F</c>.</summary>
internal static class SentPath
{
    /// <summary>The second part of the path.</summary>
    public static string Second(HttpContext context) => DecodeSecond(Of(context).Split('/'));

    /// <summary>What follows the first part of the path.</summary>
    public static string AfterFirst(HttpContext context) => DecodeSecond(Of(context).Split('/', 2));

    private static string DecodeSecond(string[] parts) => parts.Length < 2 ? "" : Uri.UnescapeDataString(parts[1]);

    // Without the first slash. Proxies may send the whole address.
    private static string Of(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        int host = target.StartsWith('/') ? 0 : target.IndexOf("//", StringComparison.Ordinal) + 2;
        return target[(target.IndexOf('/', host) + 1)..];
    }
}
