using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Counts what was left out in one pass over a view, and says so in one warning when the pass ends.</summary>
internal sealed class PassWarnings(IHostEnvironment env) : IDisposable
{
    private long _skippedImages;
    private string _firstSkippedImage = "";

    public void AddSkippedImage(string message)
    {
        if (_skippedImages++ == 0)
            _firstSkippedImage = message;
    }

    public void Dispose()
    {
        if (_skippedImages == 0)
            return;
        using IChannel channel = env.Start("Preparing images");
        channel.Warning(MessageSensitivity.UserData, Errors.SkippedImages(_skippedImages, _firstSkippedImage));
        _skippedImages = 0;
    }
}
