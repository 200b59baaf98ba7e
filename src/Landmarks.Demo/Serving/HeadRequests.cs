using Microsoft.AspNetCore.Http;

namespace Landmarks.Demo.Serving;

/// <summary>Answers HEAD on each route as GET: the server leaves the body out of its own accord.</summary>
internal static class HeadRequests
{
    public static async Task AnswerAsGetAsync(HttpContext context, RequestDelegate next)
    {
        string method = context.Request.Method;
        if (HttpMethods.IsHead(method))
            context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = method;
        }
    }
}
