using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Landmarks.Demo;

/// <summary>Ends the process while a job is still at work in it.</summary>
internal static partial class ProcessEnd
{
    /// <summary>
    /// Ends it without the destructors of native libraries: those of ONNX Runtime would take a network apart that another thread is running,
    /// which prints errors and may crash.
    /// </summary>
    [DoesNotReturn]
    public static void Now(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
        {
            DeleteRuntimeFiles();
            End(exitCode);
        }

        Environment.Exit(exitCode);
    }

    // The sockets and pipes for debuggers, which .NET deletes at a regular end.
    private static void DeleteRuntimeFiles()
    {
        try
        {
            foreach (string pattern in (string[])[$"clr-debug-pipe-{Environment.ProcessId}-*", $"dotnet-diagnostic-{Environment.ProcessId}-*"])
            {
                foreach (string file in Directory.EnumerateFiles(Path.GetTempPath(), pattern))
                    File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is lost but a little space.
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void End(int exitCode);
}
