using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Collects what a context logs.</summary>
internal static class LogCollector
{
    /// <summary>The raw texts of the warnings from now on.</summary>
    public static List<string> CollectWarnings(this MLContext mlContext)
    {
        List<string> warnings = [];
        mlContext.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        return warnings;
    }
}
