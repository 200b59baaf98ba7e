using System.Runtime.InteropServices;

namespace Landmarks.Demo.Serving;

/// <summary>
/// The memory that models hold outside of .NET's. The allocator of most Linux systems learns from large blocks that are freed to keep such
/// blocks, each time larger ones, and has a heap for each few threads besides: a service whose model is replaced time and again would hold
/// several of them.
/// </summary>
internal static partial class NativeMemory
{
    // Of malloc.h.
    private const int MmapThreshold = -3, ArenaMax = -8;

    // The first value of the one; two heaps suffice where one batch is at work.
    private const int LargeBlock = 128 << 10, Heaps = 2;

    /// <summary>Has large blocks given back to the system as soon as they are free.</summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MmapThreshold, LargeBlock);
            _ = SetOption(ArenaMax, Heaps);
        }
        // The allocator of musl has no such options, and no need of them.
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
