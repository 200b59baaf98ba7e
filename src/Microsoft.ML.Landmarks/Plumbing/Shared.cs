namespace Microsoft.ML.Landmarks;

/// <summary>What several owners use; it is disposed when the last of them lets go of it.</summary>
internal sealed class Shared<T>(T value) where T : IDisposable
{
    private int _owners = 1;

    public T Value => value;

    /// <summary>Counts one more owner. An owner asks for it, so that the value is there still.</summary>
    public Shared<T> Share()
    {
        Interlocked.Increment(ref _owners);
        return this;
    }

    /// <summary>Counts one owner less; each calls it once.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
            value.Dispose();
    }
}
