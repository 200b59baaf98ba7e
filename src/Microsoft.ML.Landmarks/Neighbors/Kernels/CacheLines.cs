using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks;

/// <summary>Brings memory near before it is needed, where the processor can be asked to.</summary>
internal static class CacheLines
{
    private const int Length = 64;

    /// <summary>Asks for <paramref name="values"/> in the cache of the second level.</summary>
    public static unsafe void Fetch(ReadOnlySpan<sbyte> values)
    {
        if (!Sse.IsSupported)
            return;
        fixed (sbyte* start = &MemoryMarshal.GetReference(values))
        {
            for (int i = 0; i < values.Length; i += Length)
                Sse.Prefetch1(start + i);
        }
    }
}
