namespace Landmarks.Demo.Serving;

/// <summary>The model that is served, and its replacement: whoever works with the one before does so to the end.</summary>
internal sealed class ServedModels : IDisposable
{
    private ServedModel? _current;

    /// <summary>Whether there is a model.</summary>
    public bool IsReady => Volatile.Read(ref _current) is not null;

    /// <summary>The model as it is now, to be let go of by <see cref="ServedModel.Release"/>; null where there is none yet.</summary>
    public ServedModel? TryTake()
    {
        while (Volatile.Read(ref _current) is { } current)
        {
            if (current.TryTake())
                return current;
        }

        return null;
    }

    /// <summary>Serves another model from here on.</summary>
    /// <param name="next">The model; null for none.</param>
    /// <returns>Ends when the last answer of the one before is out.</returns>
    public Task Replace(ServedModel? next)
    {
        if (Interlocked.Exchange(ref _current, next) is not { } before)
            return Task.CompletedTask;
        before.Release();
        return before.Freed;
    }

    public void Dispose() => Replace(null);
}
