namespace Landmarks.Demo.Serving;

/// <summary>The bytes that requests may hold together: what was received and has no answer yet.</summary>
/// <param name="most">How many.</param>
internal sealed class MemoryBudget(long most)
{
    private long _held;

    /// <summary>How many bytes may be held.</summary>
    public long Most => most;

    /// <summary>A request's share, none to begin with; disposing gives it back.</summary>
    public Share Open() => new(this);

    internal sealed class Share(MemoryBudget budget) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes bytes more.</summary>
        /// <exception cref="RequestRefusedException">There are not so many left.</exception>
        public void Take(long bytes)
        {
            if (Interlocked.Add(ref budget._held, bytes) > budget.Most)
            {
                Interlocked.Add(ref budget._held, -bytes);
                throw Errors.MemoryHeld(budget.Most);
            }

            _bytes += bytes;
        }

        public void Dispose() => Interlocked.Add(ref budget._held, -Interlocked.Exchange(ref _bytes, 0));
    }
}
