using System.Globalization;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Spectre.Console;

namespace Landmarks.Demo.Reports;

/// <summary>Shows the answers to the sample's queries, and how well each kind is answered by each method.</summary>
internal sealed class SampleReport
{
    private const string NoLandmark = "no landmark", Landmark = "a landmark", All = "all";

    private readonly MLContext _ml;
    private readonly Terminal _terminal;
    private readonly Dictionary<string, Truth> _truth;
    private readonly IReadOnlyDictionary<string, string> _kinds;

    /// <param name="ml">The context.</param>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="truth">What each query shows.</param>
    /// <param name="kinds">The kind of each query.</param>
    public SampleReport(MLContext ml, Terminal terminal, IEnumerable<Truth> truth, IReadOnlyDictionary<string, string> kinds)
    {
        (_ml, _terminal) = (ml, terminal);
        _truth = truth.ToDictionary(t => t.Id);
        _kinds = kinds;
    }

    /// <param name="plain">The answers of the yardstick.</param>
    /// <param name="fit">What is written; these are shown one by one.</param>
    /// <param name="names">The names of the landmarks.</param>
    public void Write(MethodAnswers plain, MethodAnswers fit, LandmarkNames names)
    {
        _terminal.WriteLine();
        _terminal.WriteLine($"The answers of what {fit.Method} makes:");
        WriteAnswers(fit.Answers, names);
        _terminal.WriteLine();
        WriteKinds([plain, fit], fit);
        _terminal.WriteLine("GAP is that of the row's queries with those of no landmark, by their best guesses;");
        _terminal.WriteLine("answered are those of which the verdict says that they show a landmark.");
        _terminal.WriteLine("A reframed query is made from the reference photograph itself, so it is easy;");
        _terminal.WriteLine("only the others say how well landmarks are recognized.");
        WriteVerdicts(fit.Answers);
        _terminal.WriteLine("The sample is too small to rank methods: compare does that on photographs of your own.");
        _terminal.WriteLine();
    }

    private void WriteAnswers(IEnumerable<Answer> answers, LandmarkNames names)
    {
        Table table = _terminal.CreateTable("query", "kind", "shows", "answer", "score", "");
        table.Columns[4].RightAligned();
        foreach (Answer answer in answers)
        {
            string[] shown = _truth[answer.Id].Label;
            bool isLandmark = IsLandmark(answer.Id);
            (string outcome, Color color) = Judge(answer, shown);
            table.AddRow(
                Terminal.Cell(answer.Id),
                Terminal.Cell(_kinds[answer.Id]),
                Terminal.Cell(isLandmark ? string.Join(", ", shown.Select(names.Of)) : NoLandmark, isLandmark
                    ? Style.Plain : new Style(decoration: Decoration.Dim)),
                answer.IsLandmark == false ? Terminal.Cell(NoLandmark, new Style(decoration: Decoration.Dim))
                    : Terminal.Cell(names.Of(answer.PredictedLabel)),
                Terminal.Cell(Quantity.Score(answer.Score)),
                Terminal.Cell(outcome, new Style(color)));
        }

        _terminal.Write(table);
    }

    private static (string Outcome, Color Color) Judge(Answer answer, string[] shown) => (answer.IsLandmark, shown.Length) switch
    {
        (false, 0) => ("right", Color.Green),
        (false, _) => ("missed", Color.Yellow),
        (_, 0) => ("false alarm", Color.Red),
        _ => shown.Contains(answer.PredictedLabel) ? ("right", Color.Green) : ("wrong", Color.Red),
    };

    private void WriteKinds(IReadOnlyList<MethodAnswers> methods, MethodAnswers judged)
    {
        HashSet<string> answered = [.. judged.Answers.Where(answer => answer.IsLandmark != false).Select(answer => answer.Id)];
        Table table = _terminal.CreateTable(["kind", "shows", "queries",
            .. methods.SelectMany(m => (string[])[$"{m.Method}: right", $"{m.Method}: GAP"]), $"{judged.Method}: answered"]);
        foreach (TableColumn column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (string kind in _truth.Keys.Where(IsLandmark).Select(id => _kinds[id]).Distinct().Order(StringComparer.Ordinal))
            AddLandmarks(kind, id => _kinds[id] == kind);
        foreach (IGrouping<string, string> group in _truth.Keys.Where(id => !IsLandmark(id)).GroupBy(id => _kinds[id]))
            table.AddRow([group.Key, NoLandmark, Count(group.Count()), .. methods.SelectMany(_ => (string[])["", ""]),
                Count(group.Count(answered.Contains))]);
        AddLandmarks(All, _ => true);
        _terminal.Write(table);

        void AddLandmarks(string kind, Func<string, bool> isOfKind)
        {
            string[] ids = [.. _truth.Keys.Where(id => IsLandmark(id) && isOfKind(id))];
            table.AddRow([kind, Landmark, Count(ids.Length), .. methods.SelectMany(m => Measure(m.Answers, isOfKind)),
                Count(ids.Count(answered.Contains))]);
        }
    }

    private void WriteVerdicts(IReadOnlyList<Answer> answers)
    {
        Answer[] toNothing = [.. answers.Where(answer => !IsLandmark(answer.Id))],
            right = [.. answers.Where(answer => _truth[answer.Id].Label.Contains(answer.PredictedLabel))];
        _terminal.WriteLine($"Verdicts answer {Answered(toNothing)} of {toNothing.Length} photographs of no landmark, and keep "
            + $"{Answered(right)} of {right.Length} right answers.");

        static int Answered(Answer[] answers) => answers.Count(answer => answer.IsLandmark != false);
    }

    private string[] Measure(IEnumerable<Answer> answers, Func<string, bool> isOfKind)
    {
        LandmarkMetrics metrics = AnswerMetrics.Of(_ml, answers.Where(a => Counts(a.Id)), _truth.Values.Where(t => Counts(t.Id)));
        return [Count(metrics.RightCount), Quantity.Share(metrics.GlobalAveragePrecision)];

        bool Counts(string id) => !IsLandmark(id) || isOfKind(id);
    }

    private bool IsLandmark(string id) => _truth[id].ShowsLandmark;

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
