using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;

namespace Landmarks.Demo.Serving;

/// <summary>What a service says of its health.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthStatus(string Status)
{
    /// <summary>Whether photographs can be answered: there is a model, and what holds its rows answers.</summary>
    /// <exception cref="RequestRefusedException">They can't.</exception>
    public static async Task<Ok<HealthStatus>> GetReadyAsync(ServedModels models, IHostApplicationLifetime lifetime, HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw Errors.Ending();
        ServedModel model = models.TryTake() ?? throw Errors.NotReady();
        try
        {
            if (model.Index is { } index)
                await index.RequireAsync(context.RequestAborted);
            return TypedResults.Ok(new HealthStatus("ready"));
        }
        finally
        {
            model.Release();
        }
    }
}
