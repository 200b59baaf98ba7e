using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Landmarks.Demo.Serving;

/// <summary>Tells of each request what it was answered, and how fast.</summary>
internal sealed class RequestLog(ILogger<RequestLog> log) : IMiddleware
{
    // What was asked for in its place may be any text.
    private const string NoRoute = "(nothing)";

    // Asked every few seconds by machines.
    private static readonly string[] s_frequent = ["/health", "/metrics"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        await next(context);
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        LogLevel level = s_frequent.Any(start => route.StartsWith(start, StringComparison.Ordinal)) ? LogLevel.Debug : LogLevel.Information;
        string method = HttpMethods.GetCanonicalizedValue(context.Request.Method);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        ServeLog.Answered(log, level, method, route, context.Response.StatusCode, milliseconds);
    }
}
