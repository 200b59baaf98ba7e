using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>Which non-landmarks are held out of all that is learned, so that answers can be judged by them.</summary>
internal sealed class VerdictPlan
{
    private const int FoldCount = 5;

    private readonly LandmarkOptions _options;
    private readonly SearchDevice? _device;
    private readonly VerdictRates _rates;
    private readonly TrainingRows _rows;
    // The numbers of the non-landmarks that are held out of all; none where folds are.
    private readonly int[] _heldOut;
    // Null where some are held out.
    private readonly FoldRows? _folds;

    private VerdictPlan(
        LandmarkOptions options, SearchDevice? device, VerdictRates rates, TrainingRows rows, int[] heldOut, FoldRows? folds)
    {
        _options = options;
        _device = device;
        _rates = rates;
        _rows = rows;
        _heldOut = heldOut;
        _folds = folds;
        Learned = rows.Without(heldOut);
    }

    /// <summary>The rows that the model learns from.</summary>
    public TrainingRows Learned { get; }

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
    {
        int fewest = FewestNonLandmarks(rates);
        if (rows.NonLandmarkCount < fewest)
            throw Errors.TooFewNonLandmarks(rows.NonLandmarkCount, fewest, HeldOutRows.HeldOutOf, rates);
        int[] nonLandmarks = rows.NonLandmarks, thirds = [.. HeldOutRows.Choose(seen: 0, nonLandmarks.Length)];
        return thirds.Length < fewest ? new(options, device, rates, rows, heldOut: [], FoldRows.Of(rows))
            : new(options, device, rates, rows, [.. thirds.Select(number => nonLandmarks[number])], folds: null);
    }

    /// <summary>Answers all non-landmarks in folds, however many there are: for a model that has learned from them, and has
    /// changed.</summary>
    /// <param name="rows">All rows that there are then; enough non-landmarks are among them.</param>
    /// <param name="options">Numbers of neighbors, and the columns that <see cref="FoldRows.ToTrainingRows"/> asks for.</param>
    /// <param name="rates">What is to be kept.</param>
    /// <param name="device">Where folds are searched; null for the CPU.</param>
    /// <param name="channel">Told what there are.</param>
    public static VerdictPlan CreateFolds(
        FoldRows rows, LandmarkOptions options, VerdictRates rates, SearchDevice? device, IChannel channel)
        => new(options, device, rates, rows.ToTrainingRows(options, channel), heldOut: [], rows);

    /// <summary>The fewest non-landmarks that can be answered in folds: one is left to learn from.</summary>
    public static int FewestNonLandmarks(VerdictRates rates)
        => Math.Max(2, ConformalScores.FewestFor(rates.FalseAlarms, rates.Confidence));

    /// <summary>Answers what was held out, and what was learned from as if it had not been.</summary>
    /// <param name="learned">What was learned of <see cref="Learned"/>.</param>
    /// <param name="method">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="channel">Told what came of it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Verdict Judge(LearnedLandmarks learned, LandmarkMethod method, FitProgress progress, IChannel channel)
    {
        HeldOutRows? heldOut = null;
        float[] falseAlarms;
        if (_folds is null)
        {
            TrainingRows rows = _rows.Take(_heldOut);
            heldOut = HeldOutRows.Answer(learned.ReadSearched(rows), rows.Ids, _rows.NonLandmarkCount,
                new HeldOutAnswers(learned.Landmarks, _options.CreateParallelOptions()), out falseAlarms);
        }
        else
        {
            falseAlarms = ScoreFolds(method, progress);
        }

        (IReadOnlyList<float> rightAnswers, IReadOnlyList<float> unknownLandmarks)
            = new LandmarkFolds(Learned, _options, _device).Answer(method, learned.Landmarks.Vote, progress);
        var calibration = new VerdictCalibration(new ConformalScores(falseAlarms), AreProved: heldOut is not null,
            new ConformalScores(unknownLandmarks), new ConformalScores(rightAnswers), heldOut, _folds);
        var verdict = new Verdict(calibration, _rates);
        channel.Info(MessageSensitivity.None, verdict.Describe());
        return verdict;
    }

    private float[] ScoreFolds(LandmarkMethod method, FitProgress progress)
    {
        int[] nonLandmarks = _rows.NonLandmarks;
        int count = Math.Min(FoldCount, nonLandmarks.Length);
        IProgress<long>? folds = progress.Of("Verdict, folds of non-landmarks", count);
        List<float> scores = [];
        for (int fold = 0; fold < count; fold++)
        {
            int[] part = [.. nonLandmarks.Where((_, number) => number % count == fold)];
            using LearnedLandmarks learned = LandmarkLearning.LearnQuietly(_rows.Without(part), _options, _device, method);
            scores.AddRange(VerdictAnswers.Read(learned, _rows.Take(part)).Select(answer => answer.Score));
            folds?.Report(fold + 1);
        }

        return [.. scores];
    }
}
