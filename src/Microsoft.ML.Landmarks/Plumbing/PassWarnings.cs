using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Counts what was left out or lost in one pass over a view, and says so in one line of each kind when the pass ends.</summary>
/// <param name="env">The environment.</param>
/// <param name="skippedImages">Told of each photograph that is skipped, in place of the warning; null for the warning.</param>
internal sealed class PassWarnings(IHostEnvironment env, IProgress<SkippedImage>? skippedImages) : IDisposable
{
    private long _skippedImages;
    private string _firstSkippedImage = "";
    private long _orientedImages, _unorientedImages;

    public void AddSkippedImage(long row, string message)
    {
        if (skippedImages is not null)
            skippedImages.Report(new SkippedImage(row, message));
        else if (_skippedImages++ == 0)
            _firstSkippedImage = message;
    }

    /// <summary>Counts an MLImage, which has no orientation itself.</summary>
    public void AddDecodedImage(bool isOrientationKnown)
    {
        if (isOrientationKnown)
            _orientedImages++;
        else
            _unorientedImages++;
    }

    public void Dispose()
    {
        if (_skippedImages + _orientedImages + _unorientedImages == 0)
            return;
        using IChannel channel = env.Start("Preparing images");
        if (_skippedImages > 0)
            channel.Warning(MessageSensitivity.UserData, Errors.SkippedImages(_skippedImages, _firstSkippedImage));
        if (_unorientedImages > 0)
            channel.Warning(Errors.UnorientedImages(_unorientedImages));
        if (_orientedImages > 0)
            channel.Info(Errors.OrientedImages(_orientedImages));
        _skippedImages = _orientedImages = _unorientedImages = 0;
    }
}
