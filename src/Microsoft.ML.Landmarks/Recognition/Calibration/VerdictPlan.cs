using System.Globalization;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Which non-landmarks are held out of all that is learned, so that answers can be judged by them.</summary>
internal sealed class VerdictPlan
{
    private const int HeldOutOf = 3, FoldCount = 5;

    private readonly LandmarkOptions _options;
    private readonly SearchDevice? _device;
    private readonly VerdictRates _rates;
    private readonly TrainingRows _rows;
    // The numbers of the non-landmarks that are answered by one model.
    private readonly int[][] _parts;

    private VerdictPlan(LandmarkOptions options, SearchDevice? device, VerdictRates rates, TrainingRows rows, int[][] parts)
    {
        _options = options;
        _device = device;
        _rates = rates;
        _rows = rows;
        _parts = parts;
        Learned = AreProved ? rows.Without(parts[0]) : rows;
    }

    /// <summary>The rows that the model learns from.</summary>
    public TrainingRows Learned { get; }

    private bool AreProved => _parts.Length == 1;

    /// <summary>
    /// Holds out each third of the non-landmarks, in the order of the rows. Where a third is too few, all are answered in folds, each by a
    /// model of the others.
    /// </summary>
    /// <param name="rows">All rows.</param>
    /// <param name="options">Columns and numbers of neighbors.</param>
    /// <param name="rates">What is to be kept.</param>
    /// <param name="device">Where folds are searched; null for the CPU.</param>
    /// <exception cref="InvalidOperationException">There are too few non-landmarks for what is to be kept.</exception>
    public static VerdictPlan Create(TrainingRows rows, LandmarkOptions options, VerdictRates rates, SearchDevice? device)
        => new(options, device, rates, rows, Hold(rows, rates));

    /// <summary>Answers what was held out, and what was learned from as if it had not been.</summary>
    /// <param name="learned">What was learned of <see cref="Learned"/>.</param>
    /// <param name="method">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="channel">Told what came of it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Verdict Judge(LearnedLandmarks learned, LandmarkMethod method, FitProgress progress, IChannel channel)
    {
        IEnumerable<float> falseAlarms = AreProved ? Score(learned, _parts[0]) : ScoreFolds(method, progress);
        (IReadOnlyList<float> rightAnswers, IReadOnlyList<float> unknownLandmarks)
            = new LandmarkFolds(Learned, _options, _device).Answer(method, learned.Landmarks.Vote, progress);
        var calibration = new VerdictCalibration(
            new ConformalScores(falseAlarms), AreProved, new ConformalScores(unknownLandmarks), new ConformalScores(rightAnswers));
        var verdict = new Verdict(calibration, _rates);
        channel.Info(MessageSensitivity.None, Describe(verdict));
        return verdict;
    }

    private static int[][] Hold(TrainingRows rows, VerdictRates rates)
    {
        int[] nonLandmarks = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] is null)];
        // One is left to learn from.
        int fewest = Math.Max(2, ConformalScores.FewestFor(rates.FalseAlarms, rates.Confidence));
        if (nonLandmarks.Length < fewest)
            throw Errors.TooFewNonLandmarks(nonLandmarks.Length, fewest, HeldOutOf, rates);
        int[][] thirds = Split(HeldOutOf);
        return thirds[^1].Length >= fewest ? [thirds[^1]] : Split(Math.Min(FoldCount, nonLandmarks.Length));

        int[][] Split(int count)
            => [.. Enumerable.Range(0, count).Select(part => nonLandmarks.Where((_, number) => number % count == part).ToArray())];
    }

    private List<float> ScoreFolds(LandmarkMethod method, FitProgress progress)
    {
        IProgress<long>? folds = progress.Of("Verdict, folds of non-landmarks", _parts.Length);
        List<float> scores = [];
        for (int fold = 0; fold < _parts.Length; fold++)
        {
            using LearnedLandmarks learned = LandmarkLearning.LearnQuietly(_rows.Without(_parts[fold]), _options, _device, method);
            scores.AddRange(Score(learned, _parts[fold]));
            folds?.Report(fold + 1);
        }

        return scores;
    }

    private IEnumerable<float> Score(LearnedLandmarks learned, int[] part)
        => VerdictAnswers.Read(learned, _rows.Take(part)).Select(answer => answer.Score);

    private static string Describe(Verdict verdict)
    {
        (VerdictCalibration calibration, VerdictRates rates) = (verdict.Calibration, verdict.Rates);
        MetricInterval interval = verdict.FalseAlarmInterval;
        string promise = string.Create(CultureInfo.InvariantCulture,
            $"Verdict: of photographs like the non-landmarks at most {rates.FalseAlarms:P1} are answered, "
            + $"{(calibration.AreProved ? "as promised by" : "as estimated, not proved, by folds of")} {calibration.FalseAlarms.Count} "
            + $"that were held out; with so many the true rate lies between {interval.Low:P1} and {interval.High:P1} (95 %).");
        return calibration.UnknownLandmarks.Count == 0 || calibration.RightAnswers.Count == 0 ? promise
            : $"{promise} Estimated in folds: {Estimate(rates)}; {(rates.UnknownLandmarks is null
            ? $"with UnknownLandmarkRate = 0.05: {Estimate(rates with { UnknownLandmarks = 0.05 })}"
            : $"without UnknownLandmarkRate: {Estimate(rates with { UnknownLandmarks = null })}")}.";

        string Estimate(VerdictRates rates)
        {
            (MeasuredRate unknown, MeasuredRate right) = verdict.Estimate(rates);
            return string.Create(CultureInfo.InvariantCulture, $"{unknown.Rate:P1} of {unknown.Total} photographs of unknown landmarks are "
                + $"answered, and {right.Rate:P1} of {right.Total} right answers kept");
        }
    }
}
