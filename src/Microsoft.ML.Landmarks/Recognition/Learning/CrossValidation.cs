using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>Measures how well methods answer rows that nothing was learned from, neither axes nor landmarks.</summary>
/// <remarks>
/// Each row falls into one of the folds, by a fixed seed, and is asked of models of the others. One whose landmark those do not know is not
/// asked. All answers are ranked together.
/// </remarks>
internal sealed class CrossValidation(LandmarkOptions options, SearchDevice? device, FitProgress progress)
{
    private const int FoldCount = 5, Seed = 1;

    // Whatever else the step is to show: to rank many landmarks takes a search of many rows.
    private static readonly AnswerColumns s_columns = new() { PredictedLabel = "Landmark", Score = "Confidence" };

    // Its log goes nowhere: what there is to say of a part of the rows is said of all.
    private readonly MLContext _quiet = new();

    /// <param name="rows">The rows.</param>
    /// <param name="methods">What is compared.</param>
    /// <returns>The GAP of each method; null where no row that names a landmark could be asked.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double[]? Measure(TrainingRows rows, IReadOnlyList<LandmarkMethod> methods)
    {
        (TrainingRows Learned, TrainingRows Asked)[] folds = [.. Split(rows).Select(fold => Part(rows, fold))
            .Where(fold => fold.Asked.Count > 0 && CanLearn(fold.Learned, rows))];
        int withLandmark = folds.Sum(fold => fold.Asked.Count - fold.Asked.NonLandmarkCount);
        if (withLandmark == 0)
            return null;
        List<(float Confidence, bool IsRight)>[] answers = [.. methods.Select(_ => new List<(float, bool)>())];
        IProgress<long>? told = progress.Of("Cross-validation, folds", folds.Length);
        long done = 0;
        foreach ((TrainingRows learned, TrainingRows asked) in folds)
        {
            var learning = new LandmarkLearning(_quiet, options, device, learned, FitProgress.None);
            foreach ((LandmarkMethod method, List<(float, bool)> ofMethod) in methods.Zip(answers))
                ofMethod.AddRange(Ask(learning, method, asked));
            told?.Report(++done);
        }

        return [.. answers.Select(ofMethod => GlobalAveragePrecision.SumPrecisions(
            ofMethod.OrderByDescending(answer => answer.Confidence).Select(answer => answer.IsRight)).Precisions / withLandmark)];
    }

    private static (TrainingRows Learned, TrainingRows Asked) Part(TrainingRows rows, int[] fold)
    {
        TrainingRows learned = rows.Without(fold);
        HashSet<string?> known = [.. learned.Labels];
        return (learned, rows.Take(fold.Where(row => known.Contains(rows.Labels[row]))));
    }

    // The rows of each fold, by their numbers.
    private IEnumerable<int[]> Split(TrainingRows rows)
    {
        foreach (DataOperationsCatalog.TrainTestData fold in _quiet.Data.CrossValidationSplit(rows.View, FoldCount, seed: Seed))
        {
            using DataViewRowCursor cursor = fold.TestSet.GetRowCursor([]);
            ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
            List<int> asked = [];
            while (cursor.MoveNext())
            {
                DataViewRowId id = default;
                getId(ref id);
                asked.Add((int)id.Low);
            }

            yield return [.. asked];
        }
    }

    // Nothing can be learned without a landmark, nor, where there are non-landmarks at all, without one of them.
    private static bool CanLearn(TrainingRows part, TrainingRows all)
        => part.LandmarkCount > 0 && (part.NonLandmarkCount > 0 || all.NonLandmarkCount == 0);

    // A row without an answer takes no rank.
    private static List<(float Confidence, bool IsRight)> Ask(LandmarkLearning learning, LandmarkMethod method, TrainingRows asked)
    {
        using LearnedLandmarks learned = learning.LearnOrPlain(method);
        var asking = (KnnLandmarkTransformer)((ILandmarkStep)learned.Landmarks).Showing(s_columns);
        return [.. (learned with { Landmarks = asking }).Answer(asked, s_columns.PredictedLabel, s_columns.Score)
            .Select((answer, row) => (answer.Score, IsRight: answer.Label == asked.Labels[row]))
            .Where(answer => !float.IsNaN(answer.Score))];
    }
}
