using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>Work with servers: what was cut off and left nothing is tried again, and what they refuse is said in a sentence.</summary>
internal static class Attempts
{
    /// <summary>A server that is started again answers by then: waits of 0.1 s, 0.2 s and so on are 3.1 s in all.</summary>
    public const int Most = 6;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(0.1);

    /// <summary>Does what leaves nothing unless it is done whole.</summary>
    /// <param name="schema">The index.</param>
    /// <param name="work">Reads, or a change up to its commit.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="most">How often it is tried.</param>
    /// <exception cref="InvalidOperationException">A server has no such index, or the role may not do it.</exception>
    /// <exception cref="NpgsqlException">A server can't be asked, or refuses; transient where it is worth another try later.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<T> RunAsync<T>(string schema, Func<Task<T>> work, CancellationToken cancellation, int most = Most)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            // With the caller's own token, by which a task tells that it was cancelled and did not fail; the one of a connection that is
            // cancelled in the midst is another, and it may say so by an error of its own.
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException && cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, cancellation);
            }
            catch (NpgsqlException e) when (Passes(e) && attempt < most)
            {
                await WaitAfterAsync(attempt, cancellation);
            }
            catch (NpgsqlException e)
            {
                throw Errors.OfServer(schema, e);
            }
        }
    }

    /// <summary>Waits before another try, longer each time.</summary>
    public static Task WaitAfterAsync(int attempt, CancellationToken cancellation)
        => Task.Delay(s_firstWait * (1 << (attempt - 1)), cancellation);

    // A time limit that ran out would run out again, and a disk that is full is full.
    private static bool Passes(NpgsqlException e) => e.IsTransient && e.InnerException is not TimeoutException
        && e.SqlState is not (PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.LockNotAvailable);
}
