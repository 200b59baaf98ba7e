using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>Brings memory near before it is needed, where the processor can be asked to.</summary>
internal static class CacheLines
{
    private const int Length = 64;

    /// <summary>
    /// Asks for the line that is so many bytes ahead of a place in the cache of the first level. Nothing happens where there is no memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void FetchAhead(ref byte place, int bytes)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref place) + bytes);
    }

    /// <summary>Asks for <paramref name="values"/> in the cache of the second level.</summary>
    public static unsafe void Fetch<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        fixed (byte* start = &MemoryMarshal.GetReference(bytes))
        {
            byte* end = start + bytes.Length;
            for (byte* line = (byte*)((nuint)start & ~(nuint)(Length - 1)); line < end; line += Length)
                Sse.Prefetch1(line);
        }
    }
}
