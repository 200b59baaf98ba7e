using System.Globalization;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Chooses how landmarks are learned, by the training photographs alone: no more than they bear, and whitened only where that
/// stands a cross-validation.</summary>
internal sealed class MethodChooser(Session session, FitSettings settings, IProgressBoard board)
{
    // Measured on 392 parts of sets, which Results/methods.md in the benchmark project tells of: of fewer landmarks, whitening and tuning
    // often learn what tells these few photographs apart, and not what tells landmarks apart.
    private const int FewestLandmarksToWhiten = 8, FewestLandmarksToTune = 10;

    // With 1 to 20 non-landmarks, what was chosen on whitened rows was worse than 1, 1, 1 on 14 of 15 parts of a set, by up to .028 GAP.
    private const int FewestNonLandmarksToTune = 30;

    /// <param name="rows">Ids, labels and embeddings; read several times.</param>
    /// <param name="learning">Learns from them.</param>
    public ChosenMethod Choose(IDataView rows, Learning learning)
    {
        ChosenMethod chosen = Choose(rows);
        return chosen.Method.Whitens && !learning.CanWhiten ? new ChosenMethod(Method.Notebook, Errors.NothingToWhiten) : chosen;
    }

    private ChosenMethod Choose(IDataView rows)
    {
        IDataView present = session.ML.Data.FilterRowsByMissingValues(rows, Embedding.Features);
        string[] labels = TextColumn.Read(session.ML, present, Embedding.Label);
        int landmarkCount = labels.Where(label => label != Truth.NonLandmark).Distinct().Count(),
            nonLandmarkCount = labels.Count(label => label == Truth.NonLandmark);
        if (landmarkCount < FewestLandmarksToWhiten)
            return new ChosenMethod(Method.Notebook, Errors.TooFew("whitened", "landmark", landmarkCount, FewestLandmarksToWhiten));
        if (session.Log.WithoutWarnings(()
            => new CrossValidation(session, settings, board).Measure(present, [Method.Notebook, Method.Whitened]))
            is not [double notebook, double whitened])
            return new ChosenMethod(Method.Whitened, "no landmark has a second photograph to cross-validate by");

        string measured = string.Create(CultureInfo.InvariantCulture,
            $"cross-validated GAP of whitened {whitened:F4}, of notebook {notebook:F4}");
        if (whitened < notebook)
            return new ChosenMethod(Method.Notebook, measured);
        if (landmarkCount < FewestLandmarksToTune)
            return new ChosenMethod(Method.Whitened,
                $"{measured}; {Errors.TooFew("tuned", "landmark", landmarkCount, FewestLandmarksToTune)}");
        if (nonLandmarkCount < FewestNonLandmarksToTune)
            return new ChosenMethod(Method.Whitened,
                $"{measured}; {Errors.TooFew("tuned", "non-landmark row", nonLandmarkCount, FewestNonLandmarksToTune)}");
        return new ChosenMethod(Method.WhitenedTuned, measured);
    }
}
