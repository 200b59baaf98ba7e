using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Values at an address that is a multiple of 64 bytes: a cache line, and the widest vector. It is collected like any
/// array.</summary>
internal sealed class AlignedArray<T> where T : unmanaged
{
    /// <summary>In bytes.</summary>
    public const int Alignment = 64;

    private readonly T[] _values;
    private readonly int _start;

    /// <param name="length">Values; all are 0 at first.</param>
    public AlignedArray(int length)
    {
        int size = Marshal.SizeOf<T>();
        Length = length;
        // Pinned: an array that the collector moves would lose its address.
        _values = GC.AllocateArray<T>(checked(length + Alignment / size), pinned: true);
        int misaligned = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0) % Alignment);
        _start = misaligned == 0 ? 0 : (Alignment - misaligned) / size;
    }

    public int Length { get; }

    /// <summary>All that it stands in, at least <see cref="Length"/> values, from wherever they begin.</summary>
    public T[] Values => _values;

    public Span<T> Span => _values.AsSpan(_start, Length);

    public Memory<T> Memory => _values.AsMemory(_start, Length);
}
