using System.Runtime.InteropServices;

namespace Landmarks.Demo;

/// <summary>Keeps ONNX Runtime from sending usage data, which it does from version 1.31 on Linux and macOS too, and from leaving its files
/// of it.</summary>
internal static partial class Telemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY", Disabled = "1";

    /// <summary>To be called before the first network is loaded: ONNX Runtime looks once. A user's own setting stays.</summary>
    public static void Disable()
    {
        if (OperatingSystem.IsWindows())
        {
            if (Environment.GetEnvironmentVariable(Variable) is null)
                Environment.SetEnvironmentVariable(Variable, Disabled);
        }
        // On Unix .NET keeps an environment of its own, which native code does not see.
        else
            _ = SetEnvironmentVariable(Variable, Disabled, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
