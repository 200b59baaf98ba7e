using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Removes landmarks and photographs from a model.</summary>
internal static class RemoveJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is removed from which model.</param>
    /// <param name="outputFile">The zip file that is written, which may be the model's.</param>
    public static void Run(Session session, RemoveSettings settings, string outputFile)
    {
        using OutputFile output = session.CreateModelOutput(outputFile, new[] { settings.PhotographsFile }.OfType<string>(),
            changed: settings.Model);
        IReadOnlyList<string> listed = settings.PhotographsFile is { } file ? PhotographList.Read(file) : [];
        // Once the file is held: of two runs that change it the second finds what the first has made of it.
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model);
        session.EndWhenCanceled(model.Steps);
        LandmarkModelInfo before = model.Describe();
        if (listed.Count > 0)
            listed = ModelIds.FindKnown(settings.Model, before.Ids, listed, unknown => session.Log.Warn(
                Errors.UnknownIdsOfList(settings.PhotographsFile!, settings.Model, unknown.Count, unknown[0])));
        string[] ids = ModelIds.Find(settings.Model, before.Ids, settings.Photographs.Concat(listed)),
            labels = ModelLandmarks.Find(settings.Model, before.Landmarks, settings.Landmarks);
        output.Require(new FileInfo(settings.Model).Length);
        using BatchTransformer changed = ids.Length + labels.Length == 0 ? model.Landmarks : model.Without(ids, labels);
        FittedStep written = ModelChange.Write(session, model, changed, output, before);
        session.Terminal.WriteLine($"Wrote {output.Path}: {written.Rows} in {Quantity.Of(session.Elapsed)}.");
    }
}
