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
        var photographs = new RemovedPhotographs(session, settings);
        // Once the file is held: of two runs that change it the second finds what the first has made of it.
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        model.RequireOwnRows();
        session.EndWhenCanceled(model.Steps);
        LandmarkModelInfo before = model.Describe();
        string[] ids = photographs.Find(modelFile, hasIds: before.Ids.Count > 0, before.Ids),
            labels = ModelLandmarks.Find(modelFile, before.Landmarks, settings.Landmarks);
        output.Require(new FileInfo(modelFile).Length);
        using BatchTransformer changed = ids.Length + labels.Length == 0 ? model.Landmarks : model.Without(ids, labels);
        FittedStep written = ModelChange.Write(session, model, changed, output, before);
        session.Terminal.WriteLine($"Wrote {output.Path}: {written.Rows} in {Quantity.Of(session.Elapsed)}.");
    }
}
