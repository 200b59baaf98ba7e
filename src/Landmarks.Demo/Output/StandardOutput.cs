using Microsoft.Win32.SafeHandles;

namespace Landmarks.Demo.Output;

/// <summary>Standard output for programs: bytes, and an end where nobody reads them any more.</summary>
internal static class StandardOutput
{
    /// <summary>What stands for it in the place of a file. A file of that name is ./-.</summary>
    public const string Name = "-";

    private const int Descriptor = 1;

    // What Linux, macOS and Windows call a pipe whose reader is gone.
    private static readonly int[] s_brokenPipe
        = OperatingSystem.IsWindows() ? [unchecked((int)0x8007006D), unchecked((int)0x800700E8)] : [32];

    /// <summary>Opens it. Each write is handed on at once, and fails where it can't be.</summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        // The console's stream says nothing of a reader that is gone. A file has a place that this stream would not share with others who
        // write to it.
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    /// <summary>Whether writing failed since nobody reads any more, which is no mistake: <c>head -1</c> has what it wanted.</summary>
    public static bool HasNoReader(Exception failure) => s_brokenPipe.Contains(failure.HResult);
}
