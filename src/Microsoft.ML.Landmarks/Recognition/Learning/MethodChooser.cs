using System.Globalization;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting.Tuning;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>Chooses how landmarks are learned, by the training rows alone: no more than they bear, and whitened only where that stands a
/// cross-validation.</summary>
internal sealed class MethodChooser(LandmarkOptions options, SearchDevice? device, FitProgress progress, IChannel channel)
{
    // Measured on 392 parts of sets, which Results/methods.md in the benchmark project tells of: of fewer landmarks, whitening and tuning
    // often learn what tells these few photographs apart, and not what tells landmarks apart.
    public const int FewestLandmarksToWhiten = 8;

    private const int FewestLandmarksToTune = 10;

    // With 1 to 20 non-landmarks, what was chosen on whitened rows was worse than 1, 1, 1 on 14 of 15 parts of a set, by up to .028 GAP.
    private const int FewestNonLandmarksToTune = 30;

    /// <param name="rows">What is to be learned from.</param>
    /// <param name="learning">Learns from them.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ChosenMethod Choose(TrainingRows rows, LandmarkLearning learning)
    {
        if (rows.LandmarkCount < FewestLandmarksToWhiten)
            return new(LandmarkMethod.Plain, [Errors.TooFew("whitened", "landmark", rows.LandmarkCount, FewestLandmarksToWhiten)]);
        if (learning.FindWhyNotWhitened() is { } reason)
        {
            channel.Warning(MessageSensitivity.None, Errors.NotWhitened(reason));
            return new(LandmarkMethod.Plain, [Errors.NothingToWhiten]);
        }

        if (new CrossValidation(options, device, progress).Measure(rows, [LandmarkMethod.Plain, LandmarkMethod.Whitened])
            is not [double plain, double whitened])
            return new(LandmarkMethod.Whitened, [Errors.NothingToCrossValidate]);
        string measured = string.Create(CultureInfo.InvariantCulture,
            $"cross-validated GAP of whitened {whitened:F4}, of plain {plain:F4}");
        if (whitened < plain)
            return new(LandmarkMethod.Plain, [measured]);
        if (rows.LandmarkCount < FewestLandmarksToTune)
            return new(LandmarkMethod.Whitened, [measured, Errors.TooFew("tuned", "landmark", rows.LandmarkCount, FewestLandmarksToTune)]);
        if (rows.NonLandmarkCount < FewestNonLandmarksToTune)
            return new(LandmarkMethod.Whitened,
                [measured, Errors.TooFew("tuned", "non-landmark row", rows.NonLandmarkCount, FewestNonLandmarksToTune)]);
        // Tuning itself would keep 1, 1, 1.
        if (rows.WithCompanyCount < LeaveOneOutQueries.FewestOfAKind)
            return new(LandmarkMethod.Whitened,
                [measured, Errors.TooFewWithCompany(rows.WithCompanyCount, LeaveOneOutQueries.FewestOfAKind)]);
        return new(LandmarkMethod.WhitenedTuned, [measured]);
    }
}
