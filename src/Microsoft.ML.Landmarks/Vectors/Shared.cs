namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>
/// What several owners use: made for the first that takes it, disposed when the last lets go of it, and made anew for who takes it then.
/// </summary>
internal sealed class Shared<T>(Func<T> make) where T : class, IDisposable
{
    private readonly Lock _making = new();
    private T? _value;
    private int _owners;

    /// <summary>Counts one owner more.</summary>
    public T Take()
    {
        lock (_making)
        {
            _value ??= make();
            _owners++;
            return _value;
        }
    }

    /// <summary>Counts one owner less; once for each <see cref="Take"/>.</summary>
    public void Release()
    {
        lock (_making)
        {
            if (--_owners > 0)
                return;
            _value!.Dispose();
            _value = null;
        }
    }
}
