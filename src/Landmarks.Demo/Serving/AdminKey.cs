using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Landmarks.Demo.Serving;

/// <summary>What those must bear who change what is served: <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class AdminKey(string key) : IEndpointFilter
{
    public const string Scheme = "Bearer";

    private readonly byte[] _hash = Hash(key);

    /// <exception cref="RequestRefusedException">The request bears no key, or another one.</exception>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        string authorization = context.HttpContext.Request.Headers.Authorization.ToString();
        // The time that it takes says nothing of where two keys differ.
        if (authorization.Split(' ', 2) is not [var scheme, var borne] || !scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            || !CryptographicOperations.FixedTimeEquals(Hash(borne.Trim()), _hash))
            throw Errors.KeyNeeded();
        return await next(context);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
