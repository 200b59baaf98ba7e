using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>Counts what was left out in one pass over a view, and says so in one warning when the pass ends.</summary>
/// <param name="env">The environment.</param>
/// <param name="skippedImages">Told of each photograph that is skipped, in place of the warning; null for the warning.</param>
internal sealed class PassWarnings(IHostEnvironment env, IProgress<SkippedImage>? skippedImages) : IDisposable
{
    private long _skippedImages;
    private string _firstSkippedImage = "";

    public void AddSkippedImage(long row, string message)
    {
        if (skippedImages is not null)
            skippedImages.Report(new SkippedImage(row, message));
        else if (_skippedImages++ == 0)
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
