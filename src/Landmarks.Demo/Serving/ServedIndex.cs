using System.Data.Common;
using Landmarks.Demo.Methods;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Serving;

/// <summary>The index of a model that is served, which other programs ask and change too. Where it does not answer, who asks is told to ask
/// again, and the log why.</summary>
internal sealed class ServedIndex(MLContext ml, LandmarkModel model, ILogger log)
{
    // Who asks whether the service is ready waits little.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly PostgresLandmarkIndex _index = model.Index!;
    private readonly Lock _describing = new();
    private (long Epoch, LandmarkModelInfo Info)? _described;
    // Where the model was attached, it was told.
    private int _hasWarned = model.Index!.Warning is null ? 0 : 1;

    /// <summary>How many rows have a landmark, when it was last asked.</summary>
    public int LandmarkRowCount => (int)Math.Min(_index.LandmarkRowCount, int.MaxValue);

    /// <summary>How many have none, when it was last asked.</summary>
    public int NonLandmarkRowCount => (int)Math.Min(_index.NonLandmarkRowCount, int.MaxValue);

    /// <summary>Does work that asks it.</summary>
    /// <exception cref="RequestRefusedException">It does not answer.</exception>
    public T Ask<T>(Func<T> work)
    {
        try
        {
            T result = work();
            WarnOnce();
            return result;
        }
        catch (Exception e) when (IsOfIndex(e))
        {
            throw Refuse(e);
        }
    }

    /// <summary>Asks whether it answers.</summary>
    /// <inheritdoc cref="Ask"/>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            await _index.RefreshAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Refuse(new TimeoutException(Errors.ServerUnreachable("it does not answer in time"), e));
        }
        catch (Exception e) when (IsOfIndex(e))
        {
            throw Refuse(e);
        }
    }

    /// <summary>What the model consists of. Its rows are counted when they were changed, and not each time that somebody asks.</summary>
    /// <inheritdoc cref="Ask"/>
    public LandmarkModelInfo Describe() => Ask(() =>
    {
        lock (_describing)
        {
            _index.RefreshAsync().GetAwaiter().GetResult();
            long epoch = _index.Epoch;
            if (_described?.Epoch != epoch)
                _described = (epoch, model.Describe());
            return _described.Value.Info;
        }
    });

    /// <summary>Adds photographs.</summary>
    /// <param name="landmark">The landmark that they show, by its label or its name.</param>
    /// <param name="photographs">The photographs, all of which can be read.</param>
    /// <param name="replaces">Whether they take the place of those with their ids.</param>
    /// <exception cref="RequestRefusedException">An id is taken or comes twice, there is no such landmark, or it does not
    /// answer.</exception>
    public Task AddAsync(string landmark, IReadOnlyList<SentPhotograph> photographs, bool replaces)
        => ChangeAsync(() => _index.AddAsync(model.Landmarks, AddedRows.Embed(ml, model, Describe(), landmark, photographs,
            ids => replaces ? [] : _index.FindAsync(ids).GetAwaiter().GetResult()), replaces));

    /// <summary>Removes a landmark with all of its photographs.</summary>
    /// <param name="landmark">Its label or its name.</param>
    /// <exception cref="RequestRefusedException">There is none, or several; or it does not answer.</exception>
    public Task RemoveLandmarkAsync(string landmark)
        => ChangeAsync(() => _index.RemoveLandmarksAsync(
            [LandmarkLabels.Find(Describe(), landmark) ?? throw Errors.NoSuchLandmark(landmark)]));

    /// <summary>Removes a photograph.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="RequestRefusedException">There is none, or it does not answer.</exception>
    public Task RemovePhotographAsync(string id) => ChangeAsync(async () =>
    {
        if ((await _index.FindAsync([id])).Count == 0)
            throw Errors.NoSuchPhotograph(id);
        await _index.RemoveAsync([id]);
    });

    private async Task ChangeAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        // A refusal is told to who bears the key; the server that is lost in the midst of a change may have made it.
        catch (Exception e) when (e is not RequestRefusedException && IsLost(e))
        {
            ServeLog.IndexFailed(log, Errors.Describe(e));
            throw Errors.ChangeCutOff();
        }
    }

    // ML.NET may throw it from another thread. What is an InvalidOperationException of a search is of the index's state: rows that another
    // program took away, servers that differ.
    private static bool IsOfIndex(Exception e)
        => e is DbException or InvalidOperationException || (e.InnerException is { } inner && IsOfIndex(inner));

    // A server that refuses says so by a state; those of class 57P, that it is being stopped or started.
    private static bool IsLost(Exception e) => e.InnerException is DbException inner ? IsLost(inner)
        : e is DbException database && (database.SqlState is not { } state || state.StartsWith("57P", StringComparison.Ordinal));

    // Rows that others add make what was measured of an HNSW index old.
    private void WarnOnce()
    {
        if (_index.Warning is { } warning && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            ServeLog.ModelWarning(log, LibraryTexts.Translate(warning));
    }

    private RequestRefusedException Refuse(Exception e)
    {
        ServeLog.IndexFailed(log, Errors.Describe(e));
        return Errors.IndexUnavailable();
    }
}
