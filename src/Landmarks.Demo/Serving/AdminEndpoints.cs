using Landmarks.Demo.Output;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Landmarks.Demo.Serving;

/// <summary>Changes what is served, for who bears the key.</summary>
internal sealed class AdminEndpoints(ModelChanges changes, RecognizeEndpoint recognizing)
{
    /// <exception cref="RequestRefusedException">The model can't be changed so; the one before goes on.</exception>
    public Task<Ok<ChangedModel>> ReloadAsync(HttpContext context) => TellAsync(changes.ReloadAsync(context.RequestAborted));

    /// <param name="context">The request, with photographs as they are sent to be recognized.</param>
    /// <param name="landmark">The label or the name of the landmark that they show.</param>
    /// <param name="replace">Whether they take the place of those with their ids.</param>
    /// <inheritdoc cref="ReloadAsync"/>
    public async Task<IResult> AddAsync(HttpContext context, string landmark, string? replace)
    {
        bool replaces = QueryFlag.Read(nameof(replace), replace);
        using RecognizeEndpoint.Recognized recognized = await recognizing.RecognizeAsync(context);
        if (recognized.Answers.Any(answer => answer.Error is not null))
            return UnreadableProblem.Of(recognized.Answers, recognized.Sent.Photographs);
        return await TellAsync(changes.AddAsync(landmark, recognized.Sent.Photographs, replaces, context.RequestAborted));
    }

    /// <param name="context">The request.</param>
    /// <param name="name">The label or the name of the landmark.</param>
    /// <inheritdoc cref="ReloadAsync"/>
    public Task<Ok<ChangedModel>> RemoveLandmarkAsync(HttpContext context, string name)
        => TellAsync(changes.RemoveLandmarkAsync(name, context.RequestAborted));

    /// <param name="context">The request.</param>
    /// <param name="id">The id of the photograph.</param>
    /// <inheritdoc cref="ReloadAsync"/>
    public Task<Ok<ChangedModel>> RemovePhotographAsync(HttpContext context, string id)
        => TellAsync(changes.RemovePhotographAsync(id, context.RequestAborted));

    private static async Task<Ok<ChangedModel>> TellAsync(Task<ChangedModel> change)
    {
        try
        {
            return TypedResults.Ok(await change);
        }
        catch (JobFailedException e)
        {
            throw new RequestRefusedException(
                FullDisk.IsCauseOf(e) ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status409Conflict, e.Message);
        }
    }
}
