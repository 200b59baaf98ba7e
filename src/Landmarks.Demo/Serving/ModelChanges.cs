using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Serving;

/// <summary>
/// Replaces the model that is served, one time after the other: the next one is loaded and warm before it is asked, and where it can't be,
/// the one before goes on.
/// </summary>
internal sealed class ModelChanges(ServeSettings settings, ModelLoader loader, ServedModels models, OutputFiles outputs,
    ILogger<ModelChanges> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    // Ends when no model is held but the one that is served.
    private Task _freeing = Task.CompletedTask;

    /// <summary>Serves the first model: what the file holds. Changes wait until it is there.</summary>
    /// <exception cref="JobFailedException">The file is missing or no model.</exception>
    /// <exception cref="InvalidOperationException">The model has no verdict at the rate that is asked for.</exception>
    public async Task LoadAsync()
    {
        await _one.WaitAsync();
        try
        {
            _ = models.Replace(await Task.Run(loader.Load));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Serves what the file holds now.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task<ChangedModel> ReloadAsync(CancellationToken cancellation) => ChangeAsync(loader.Load, cancellation);

    /// <summary>Adds photographs to the model and to its file.</summary>
    /// <param name="landmark">The landmark that they show, by its label or its name.</param>
    /// <param name="photographs">The photographs.</param>
    /// <param name="replaces">Whether they take the place of those with their ids.</param>
    /// <param name="cancellation">Gives up waiting for other changes.</param>
    /// <returns>The model that is served from then on.</returns>
    /// <exception cref="JobFailedException">The file can't be read or written, or is no model that can be served, and why.</exception>
    /// <exception cref="RequestRefusedException">The model can't be changed so.</exception>
    public Task<ChangedModel> AddAsync(string landmark, IReadOnlyList<SentPhotograph> photographs, bool replaces,
        CancellationToken cancellation)
        => settings.Index is null
            ? ChangeAsync(() => Write((ml, model) => AddedRows.Add(ml, model, landmark, photographs, replaces)), cancellation)
            : ChangeIndexAsync(index => index.AddAsync(landmark, photographs, replaces), cancellation);

    /// <summary>Removes a landmark with all of its photographs from the model and from its file.</summary>
    /// <param name="landmark">Its label or its name.</param>
    /// <param name="cancellation">Gives up waiting for other changes.</param>
    /// <inheritdoc cref="AddAsync"/>
    public Task<ChangedModel> RemoveLandmarkAsync(string landmark, CancellationToken cancellation)
        => settings.Index is null ? ChangeAsync(() => Write((_, model) => model.Without([],
            [LandmarkLabels.Find(model.Describe(), landmark) ?? throw Errors.NoSuchLandmark(landmark)])), cancellation)
            : ChangeIndexAsync(index => index.RemoveLandmarkAsync(landmark), cancellation);

    /// <summary>Removes a photograph from the model and from its file.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Gives up waiting for other changes.</param>
    /// <inheritdoc cref="AddAsync"/>
    public Task<ChangedModel> RemovePhotographAsync(string id, CancellationToken cancellation)
        => settings.Index is null ? ChangeAsync(() => Write((_, model)
            => model.Describe().Ids.Contains(id) ? model.Without([id], []) : throw Errors.NoSuchPhotograph(id)), cancellation)
            : ChangeIndexAsync(index => index.RemovePhotographAsync(id), cancellation);

    public void Dispose() => _one.Dispose();

    private Task<ChangedModel> ChangeAsync(Func<ServedModel> make, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        // However fast changes come, there are no more than two models.
        await _freeing.WaitAsync(cancellation);
        ServedModel next = await Task.Run(make, CancellationToken.None);
        _freeing = FreeAsync(models.Replace(next));
        ServeLog.ModelReplaced(log, next.Number);
        return new ChangedModel(next.Number, next.Info?.LandmarkRowCount ?? 0, next.Info?.NonLandmarkRowCount ?? 0);
    }, cancellation);

    // The model that is served sees what becomes of its index.
    private Task<ChangedModel> ChangeIndexAsync(Func<ServedIndex, Task> change, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        ServedModel model = models.TryTake() ?? throw Errors.Ending();
        try
        {
            await Task.Run(() => change(model.Index!), CancellationToken.None);
            return new ChangedModel(model.Number, model.Index!.LandmarkRowCount, model.Index.NonLandmarkRowCount);
        }
        finally
        {
            model.Release();
        }
    }, cancellation);

    private async Task<ChangedModel> ChangeAsync(Func<Task<ChangedModel>> change, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await change();
        }
        catch (Exception e) when (e is not RequestRefusedException)
        {
            string reason = Errors.ModelKept(Errors.Describe(e));
            ServeLog.ModelKept(log, reason);
            throw new JobFailedException(reason, e);
        }
        finally
        {
            _one.Release();
        }
    }

    // What a model and its loading leave is large, and the collector would not look at it for as long as nothing else is large: each model
    // that comes would take memory anew. It looks in the background, since answers go on.
    private static async Task FreeAsync(Task before)
    {
        await before;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    private OutputFile Begin()
    {
        try
        {
            return outputs.Create(settings.Model, [], changed: settings.Model);
        }
        catch (FileAtWorkException)
        {
            throw Errors.ModelAtWork();
        }
    }

    // The file is held from reading to the end, so that no other run changes it meanwhile; what is served is what it holds then.
    private ServedModel Write(Func<MLContext, LandmarkModel, BatchTransformer> change)
    {
        loader.RequireFile();
        using OutputFile output = Begin();
        try
        {
            (MLContext ml, LandmarkModel model) = loader.Read();
            LandmarkModel? changed = null;
            try
            {
                changed = model.Replacing(change(ml, model));
                changed.Save(ml, outputs.Scratch, output);
                // What can't be served is not written either.
                ServedModel served = loader.Serve(ml, changed);
                output.Commit();
                loader.Tried();
                // All else of it is the changed one's too.
                model.Landmarks.Dispose();
                return served;
            }
            catch
            {
                changed?.Dispose();
                model.Dispose();
                throw;
            }
        }
        finally
        {
            outputs.Forget(output);
        }
    }
}
