using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>Answers the photographs of a request.</summary>
internal sealed class RecognizeEndpoint(ServedModels models, RecognitionQueue queue, PhotographReader reader, MemoryBudget budget,
    IHostApplicationLifetime lifetime)
{
    /// <param name="context">The request, and its answer.</param>
    /// <param name="explain">Whether answers tell why: which photographs voted, and which of nothing are alike.</param>
    /// <exception cref="RequestRefusedException">There is no answer.</exception>
    public async Task<IResult> AnswerAsync(HttpContext context, string? explain)
    {
        bool explains = QueryFlag.Read(nameof(explain), explain);
        using Recognized recognized = await RecognizeAsync(context);
        if (Array.TrueForAll(recognized.Answers, answer => answer.Error is not null))
            return UnreadableProblem.Of(recognized.Answers, recognized.Sent.Photographs);
        LandmarkAnswer[] answers = explains ? recognized.Answers
            : [.. recognized.Answers.Select(answer => answer with { Neighbors = [], NonLandmarkNeighbors = [], QueryPenalty = null })];
        return new AnswersResult(answers, recognized.Sent.AreListed, recognized.Model);
    }

    /// <summary>Reads the photographs of a request, and has them answered by one model.</summary>
    /// <exception cref="RequestRefusedException">There is no answer.</exception>
    public async Task<Recognized> RecognizeAsync(HttpContext context)
    {
        // Before anything of the photographs is read.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw Errors.Ending();
        if (!models.IsReady)
            throw Errors.NotReady();
        if (queue.IsFull)
            throw Errors.QueueFull(queue.Count);
        MemoryBudget.Share memory = budget.Open();
        try
        {
            SentPhotographs sent = await ReadAsync(context, memory);
            (LandmarkAnswer[] answers, ServedModel model) = await AnswerAsync(sent, context.RequestAborted);
            return new Recognized(sent, answers, model, memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private async Task<SentPhotographs> ReadAsync(HttpContext context, MemoryBudget.Share memory)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            return await reader.ReadAsync(context.Request, memory, ending.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Errors.Ending();
        }
        // Of a body that breaks the rules of HTTP, Kestrel does not always say so by an exception of its own.
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw Errors.Body(e.Message);
        }
    }

    private async Task<(LandmarkAnswer[] Answers, ServedModel Model)> AnswerAsync(SentPhotographs sent, CancellationToken cancellation)
    {
        ServedModel model = models.TryTake() ?? throw Errors.Ending();
        try
        {
            Task<LandmarkAnswer[]> answering = queue.TryRecognize(model, [.. sent.Photographs.Select(photograph => photograph.File)],
                cancellation) ?? throw Errors.QueueFull(queue.Count);
            LandmarkAnswer[] answers = await answering;
            return ([.. answers.Zip(sent.Photographs, (answer, photograph) => answer with
            {
                Id = photograph.Id,
                Error = answer.Error is null ? null : LibraryTexts.Translate(answer.Error),
            })], model);
        }
        finally
        {
            model.Release();
        }
    }

    /// <summary>The photographs of a request and their answers.</summary>
    /// <param name="Sent">The photographs.</param>
    /// <param name="Answers">An answer for each.</param>
    /// <param name="Model">The model that has given them.</param>
    /// <param name="Memory">What is held of the request until it is disposed.</param>
    internal sealed record Recognized(SentPhotographs Sent, LandmarkAnswer[] Answers, ServedModel Model, MemoryBudget.Share Memory)
        : IDisposable
    {
        public void Dispose() => Memory.Dispose();
    }
}
