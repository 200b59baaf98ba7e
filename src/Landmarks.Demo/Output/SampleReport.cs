using System.Globalization;
using Landmarks.Demo.Data;
using Spectre.Console;

namespace Landmarks.Demo.Output;

/// <summary>Shows the answers to the sample's queries, and how many of each kind are right.</summary>
internal static class SampleReport
{
    private const string NonLandmark = "-1", NoLandmark = "no landmark";

    public static void Write(Terminal terminal, IReadOnlyList<Answer> answers, IReadOnlyList<Truth> truth, IReadOnlyDictionary<string, string> kinds, LandmarkNames names)
    {
        Dictionary<string, string> labels = truth.ToDictionary(t => t.Id, t => t.Label);
        terminal.WriteLine();
        WriteAnswers(terminal, answers, labels, kinds, names);
        terminal.WriteLine();
        WriteKinds(terminal, answers, labels, kinds);
        terminal.WriteLine("A reframed query is made from the reference photograph itself, so it is easy;");
        terminal.WriteLine("only the others say how well landmarks are recognized.");
        terminal.WriteLine();
    }

    private static void WriteAnswers(Terminal terminal, IEnumerable<Answer> answers, Dictionary<string, string> labels, IReadOnlyDictionary<string, string> kinds, LandmarkNames names)
    {
        Table table = terminal.CreateTable("query", "kind", "shows", "answer", "score", "");
        table.Columns[4].RightAligned();
        foreach (Answer answer in answers)
        {
            string label = labels[answer.Id];
            bool isLandmark = label != NonLandmark, isRight = label == answer.PredictedLabel;
            table.AddRow(
                new Text(answer.Id),
                new Text(kinds[answer.Id]),
                new Text(isLandmark ? names.Of(label) : NoLandmark, isLandmark ? Style.Plain : new Style(decoration: Decoration.Dim)),
                new Text(names.Of(answer.PredictedLabel)),
                new Text(Quantity.Score(answer.Score)),
                isLandmark ? new Text(isRight ? "right" : "wrong", new Style(isRight ? Color.Green : Color.Red)) : new Text(""));
        }

        terminal.Write(table);
    }

    private static void WriteKinds(Terminal terminal, IEnumerable<Answer> answers, Dictionary<string, string> labels, IReadOnlyDictionary<string, string> kinds)
    {
        Table table = terminal.CreateTable("kind", "shows", "queries", "right", "mean score");
        foreach (TableColumn column in table.Columns.Skip(2))
            column.RightAligned();
        foreach (var group in answers.GroupBy(a => (Kind: kinds[a.Id], IsLandmark: labels[a.Id] != NonLandmark)).OrderByDescending(g => g.Key.IsLandmark).ThenBy(g => g.Key.Kind, StringComparer.Ordinal))
        {
            table.AddRow(
                new Text(group.Key.Kind),
                new Text(group.Key.IsLandmark ? "a landmark" : NoLandmark),
                new Text(Count(group.Count())),
                new Text(group.Key.IsLandmark ? Count(group.Count(a => a.PredictedLabel == labels[a.Id])) : ""),
                new Text(Quantity.Score(group.Average(a => a.Score))));
        }

        terminal.Write(table);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
