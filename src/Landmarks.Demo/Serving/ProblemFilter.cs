using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Landmarks.Demo.Serving;

/// <summary>Makes problems (RFC 9457) of requests that are refused.</summary>
internal sealed class ProblemFilter(RecognitionQueue queue, ServeSettings settings) : IEndpointFilter
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1), s_longest = TimeSpan.FromMinutes(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        try
        {
            return await next(context);
        }
        // Nobody reads an answer; the log knows such requests by what other servers call them too.
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (RequestRefusedException e)
        {
            if (e.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
                http.Response.Headers.RetryAfter = Seconds(queue.ExpectedWait);
            if (e.Status == StatusCodes.Status401Unauthorized)
                http.Response.Headers.WWWAuthenticate = AdminKey.Scheme;
            if (e.Status == StatusCodes.Status415UnsupportedMediaType)
                http.Response.Headers.AcceptEncoding = PhotographReader.NoEncoding;
            return Problem(e.Status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return Problem(e.StatusCode,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Errors.TooManyBytes(settings.MaxBytes).Message : e.Message);
        }
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);

    private static string Seconds(TimeSpan wait) => Math.Ceiling(Math.Clamp(wait.TotalSeconds, s_shortest.TotalSeconds,
        s_longest.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
