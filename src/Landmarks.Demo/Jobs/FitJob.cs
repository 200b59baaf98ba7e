using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model and writes it to a zip file.</summary>
internal static class FitJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What the model is fitted to.</param>
    /// <param name="isNotebook">Whether by the notebook's method, and not by the one that suits the photographs.</param>
    /// <param name="outputFile">The zip file.</param>
    public static void Run(Session session, FitSettings settings, bool isNotebook, string outputFile)
    {
        // The output comes second: begun in the folder of the photographs, it would be told among what is left out there.
        var training = new Training(session, settings);
        using OutputFile output = session.CreateOutput(outputFile, settings.InputFiles);
        OutputFiles.ThrowIfInput(outputFile, ImagePaths.Of(training.Data.Rows, session.Cancellation));
        if (training.Data.LeftOut is { } leftOut)
            session.Terminal.WriteLine(leftOut);
        using Embedding embedding = training.CreateEmbedding(training.ImageSizes);
        output.Require(training.LargestModel(embedding));
        session.Outputs.Scratch.Require();
        using FittedStep fitted = isNotebook ? training.FitNotebook(embedding) : training.Fit(embedding);
        session.Terminal.WriteLine($"Method: {fitted.Method}.");
        if (fitted.Tuned is { } tuned)
            session.Terminal.WriteLine($"Tuned: {tuned}.");
        Training.CreateModel(embedding, fitted).Save(session, training.Data.Rows.Schema, output);
        output.Commit();
        session.WriteSummary(output, $"{fitted.Rows}", training.Data.Counts.All);
    }
}
