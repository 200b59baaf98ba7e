using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>Brings memory near before it is needed, where the processor can be asked to.</summary>
internal static class CacheLines
{
    private const int Length = 64;

    /// <summary>Asks for <paramref name="values"/> in the cache of the second level.</summary>
    public static unsafe void Fetch<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        fixed (byte* start = &MemoryMarshal.GetReference(bytes))
        {
            for (int i = 0; i < bytes.Length; i += Length)
                Sse.Prefetch1(start + i);
        }
    }
}
