namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// Large buffers that belong to one step. There are as many as were in use at once, whichever threads used them; those that are not in use
/// are kept for the next photograph, until <see cref="Clear"/>.
/// </summary>
/// <param name="mostInUse">How many may be in use at once; another one is waited for. Null: any number, and nothing is waited for.</param>
internal sealed class BufferPool(int? mostInUse = null)
{
    // A buffer of a sixteenth more serves photographs of nearly the same size.
    private const int RoundingParts = 16;

    private readonly List<byte[]> _idle = [];
    private int _inUse;
    private long _bytesInUse;

    /// <summary>How many there are.</summary>
    internal int Count
    {
        get
        {
            lock (_idle)
                return _idle.Count + _inUse;
        }
    }

    /// <summary>Frees those that are not in use.</summary>
    public void Clear()
    {
        lock (_idle)
            _idle.Clear();
    }

    /// <summary>A buffer of at least so many bytes, with whatever they held before.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for it, though no other buffer is in use that could be waited
    /// for.</exception>
    public byte[] Rent(int length)
    {
        lock (_idle)
        {
            while (true)
            {
                while (MustWait(length))
                    Monitor.Wait(_idle);
                try
                {
                    byte[] buffer = TakeIdle(length) ?? Allocate(length);
                    _inUse++;
                    _bytesInUse += buffer.Length;
                    return buffer;
                }
                catch (OutOfMemoryException) when (_idle.Count > 0 || (mostInUse is not null && _inUse > 0))
                {
                    if (_idle.Count == 0)
                        Monitor.Wait(_idle);
                    _idle.Clear();
                }
            }
        }
    }

    public void Return(byte[] buffer)
    {
        lock (_idle)
        {
            _inUse--;
            _bytesInUse -= buffer.Length;
            if (_idle.Count < Environment.ProcessorCount)
                _idle.Add(buffer);
            Monitor.PulseAll(_idle);
        }
    }

    // Where many large photographs come on many cores, half of the memory (of the heap's or the container's limit, if there is one) is for
    // them.
    private bool MustWait(int length)
        => mostInUse is { } most && _inUse > 0
        && (_inUse >= most || _bytesInUse + length > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    // The smallest that is large enough. Where there is none, the new one takes the place of the largest.
    private byte[]? TakeIdle(int length)
    {
        int taken = -1;
        for (int i = 0; i < _idle.Count; i++)
        {
            if (taken < 0 || IsBetter(_idle[i].Length, _idle[taken].Length))
                taken = i;
        }

        if (taken < 0)
            return null;
        byte[] buffer = _idle[taken];
        _idle.RemoveAt(taken);
        return buffer.Length >= length ? buffer : null;

        bool IsBetter(int size, int other) => size >= length ? other < length || size < other : other < length && size > other;
    }

    private static byte[] Allocate(int length)
        => GC.AllocateUninitializedArray<byte>((int)Math.Min(length + (long)length / RoundingParts, Array.MaxLength));
}
