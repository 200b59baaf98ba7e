using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Methods;

/// <summary>Writes a model that was changed, and says how.</summary>
internal static class ModelChange
{
    private const int MostNames = 10;

    /// <param name="session">The job's session.</param>
    /// <param name="model">The model as it was.</param>
    /// <param name="changed">Its step that names landmarks, changed.</param>
    /// <param name="output">The file.</param>
    /// <param name="before">What the model was.</param>
    /// <returns>The changed step.</returns>
    public static FittedStep Write(Session session, LandmarkModel model, BatchTransformer changed, OutputFile output,
        LandmarkModelInfo before)
    {
        session.Log.WriteWarnings();
        LandmarkModel written = model.Replacing(changed);
        LandmarkModelInfo after = written.Describe();
        foreach (string line in Describe(after.Changes.Skip(before.Changes.Count), before, after))
            session.Terminal.WriteLine(line);
        var fitted = FittedStep.Of(changed);
        foreach (string sentence in fitted.Verdict)
            session.Terminal.WriteLine(sentence);
        written.Save(session, output);
        output.Commit();
        return fitted;
    }

    /// <param name="changes">What was changed.</param>
    /// <param name="before">What the model was.</param>
    /// <param name="after">What it has become.</param>
    /// <returns>It in words, a sentence a line.</returns>
    public static IEnumerable<string> Describe(IEnumerable<LandmarkChange> changes, LandmarkModelInfo before, LandmarkModelInfo after)
    {
        yield return RowCounts.Describe([.. changes]);
        Dictionary<string, string> old = NamesOf(before), now = NamesOf(after);
        if (now.Keys.Except(old.Keys).ToArray() is { Length: > 0 } come)
            yield return $"New landmarks: {List(come, now)}.";
        if (old.Keys.Except(now.Keys).ToArray() is { Length: > 0 } gone)
            yield return $"Landmarks that are gone: {List(gone, old)}.";
    }

    private static Dictionary<string, string> NamesOf(LandmarkModelInfo model)
        => model.Landmarks.ToDictionary(landmark => landmark.Label, landmark => landmark.Name ?? landmark.Label);

    private static string List(string[] labels, Dictionary<string, string> names)
        => string.Join(", ", labels.Take(MostNames).Select(label => names[label]))
            + (labels.Length > MostNames ? $" and {labels.Length - MostNames} more" : "");
}
