using System.Net;
using Microsoft.AspNetCore.Http;

namespace Landmarks.Demo.Serving;

/// <summary>An address that is listened to.</summary>
/// <param name="Url">As it was given.</param>
/// <param name="IsLoopback">Whether this machine alone reaches it.</param>
/// <param name="Socket">The file of its Unix socket; null where it has a port.</param>
internal sealed record ServedAddress(string Url, bool IsLoopback, string? Socket)
{
    /// <summary>Reads an address; null where it is none of HTTP and of this machine.</summary>
    public static ServedAddress? Parse(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (address.Scheme != Uri.UriSchemeHttp || address.PathBase.Length > 0 || address.Port > IPEndPoint.MaxPort)
                return null;
            bool isLoopback = address.IsUnixPipe || IsLoopbackName(address.Host);
            // Whatever else is named as the host, Kestrel takes it for all of this machine.
            return isLoopback || address.Host is "*" or "+" || IPAddress.TryParse(address.Host, out _)
                ? new ServedAddress(url, isLoopback, address.IsUnixPipe ? address.UnixPipePath : null) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopbackName(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address)
            && IPAddress.IsLoopback(address));
}
