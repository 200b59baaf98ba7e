namespace Landmarks.Demo.Caching;

/// <summary>Makes the next thing of a sequence while the last one is worked with.</summary>
internal static class ReadAhead
{
    /// <summary>The things in their order; each is disposed when the next one is asked for, and those that are not asked for too.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> things) where T : class, IDisposable
    {
        using IEnumerator<T> enumerator = things.GetEnumerator();
        Task<T?> next = Task.Run(Next);
        try
        {
            while (next.GetAwaiter().GetResult() is { } thing)
            {
                using (thing)
                {
                    next = Task.Run(Next);
                    yield return thing;
                }
            }
        }
        finally
        {
            // Nobody waits for what it may have failed by.
            next.ContinueWith(made => made.IsCompletedSuccessfully ? made.Result : null, TaskScheduler.Default).Result?.Dispose();
        }

        T? Next() => enumerator.MoveNext() ? enumerator.Current : null;
    }
}
