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
    /// <param name="modelFile">The zip file of the model.</param>
    /// <param name="settings">What is removed from it.</param>
    /// <param name="outputFile">The zip file that is written, which may be the model's.</param>
    public static void Run(Session session, string modelFile, RemoveSettings settings, string outputFile)
    {
        using OutputFile output = session.CreateModelOutput(outputFile, new[] { settings.PhotographsFile }.OfType<string>(),
            changed: modelFile);
        IReadOnlyList<string> listed = settings.PhotographsFile is { } file ? PhotographList.Read(file) : [];
        // Once the file is held: of two runs that change it the second finds what the first has made of it.
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        model.RequireOwnRows();
        session.EndWhenCanceled(model.Steps);
        LandmarkModelInfo before = model.Describe();
        bool hasIds = before.Ids.Count > 0;
        if (listed.Count > 0)
            listed = ModelIds.FindKnown(modelFile, hasIds, before.Ids, listed, unknown => session.Log.Warn(
                Errors.UnknownIdsOfList(settings.PhotographsFile!, modelFile, unknown.Count, unknown[0])));
        string[] ids = ModelIds.Find(modelFile, hasIds, before.Ids, settings.Photographs.Concat(listed)),
            labels = ModelLandmarks.Find(modelFile, before.Landmarks, settings.Landmarks);
        output.Require(new FileInfo(modelFile).Length);
        using BatchTransformer changed = ids.Length + labels.Length == 0 ? model.Landmarks : model.Without(ids, labels);
        FittedStep written = ModelChange.Write(session, model, changed, output, before);
        session.Terminal.WriteLine($"Wrote {output.Path}: {written.Rows} in {Quantity.Of(session.Elapsed)}.");
    }
}
