using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Measures how well methods answer rows that nothing was learned from, neither axes nor landmarks.</summary>
/// <remarks>
/// Each row falls into one of the folds, by a fixed seed, and is asked of models of the others. One whose landmark those do not know is not
/// asked. All answers are ranked together.
/// </remarks>
internal sealed class CrossValidation(Session session, FitSettings settings, IProgressBoard board)
{
    private const int FoldCount = 5, Seed = 1;

    /// <param name="rows">Ids, labels and embeddings, none of them missing.</param>
    /// <param name="methods">What is compared.</param>
    /// <returns>The GAP of each method; null where no row could be asked.</returns>
    public double[]? Measure(IDataView rows, IReadOnlyList<Method> methods)
    {
        var truth = new List<Truth>();
        List<Answer>[] answers = [.. methods.Select(_ => new List<Answer>())];
        IProgress<long> folds = board.Add("Cross-validation, folds", FoldCount);
        long done = 0;
        foreach (DataOperationsCatalog.TrainTestData fold in session.ML.Data.CrossValidationSplit(rows, FoldCount, seed: Seed))
        {
            Ask(fold, methods, truth, answers);
            folds.Report(++done);
        }

        return truth.Any(t => t.ShowsLandmark)
            ? [.. answers.Select(a => AnswerMetrics.Of(session.ML, a, truth).GlobalAveragePrecision)] : null;
    }

    private void Ask(DataOperationsCatalog.TrainTestData fold, IReadOnlyList<Method> methods, List<Truth> truth, List<Answer>[] answers)
    {
        // Landmarks by number, since a name may read as another's number, or as the mark of a missing value.
        string[] names = [.. TextColumn.Read(session.ML, fold.TrainSet, Embedding.Label).Distinct()];
        Dictionary<string, string> known = names.Select((name, number) => (name, Number: name == Truth.NonLandmark ? name : $"{number}"))
            .ToDictionary();
        string[] labels = TextColumn.Read(session.ML, fold.TestSet, Embedding.Label);
        // Nothing can be learned without both kinds.
        if (labels.Length == 0 || !known.ContainsKey(Truth.NonLandmark) || known.Count == 1)
            return;
        int first = truth.Count;
        int[] asked = [.. Enumerable.Range(0, labels.Length).Where(row => known.ContainsKey(labels[row]))];
        // Ids of their own: a photograph may stand in several rows.
        truth.AddRange(asked.Select((row, place)
            => new Truth { Id = $"{first + place}", Label = labels[row] == Truth.NonLandmark ? [] : [known[labels[row]]] }));
        var learning = new Learning(session, settings, fold.TrainSet, counts: default, NoProgressBoard.Instance);
        for (int m = 0; m < methods.Count; m++)
        {
            using LearnedMethod learned = learning.Fit(methods[m]);
            IReadOnlyList<Answer> all = learned.Answer(session.ML, fold.TestSet);
            answers[m].AddRange(asked.Select((row, place)
                => new Answer
                {
                    Id = $"{first + place}",
                    PredictedLabel = all[row].IsMissing ? "" : known[all[row].PredictedLabel],
                    Score = all[row].Score
                }));
        }
    }
}
