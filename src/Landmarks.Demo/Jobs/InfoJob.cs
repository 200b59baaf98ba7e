using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Tells what a model consists of.</summary>
internal static class InfoJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="modelFile">The zip file.</param>
    /// <param name="format">How it is told; null for text.</param>
    /// <param name="outputFile">Where; null for standard output.</param>
    public static void Run(Session session, string modelFile, ResultFormat? format, string? outputFile)
    {
        using OutputFile? file = session.CreateResultOutput(outputFile, isForProgram: format is not null, [modelFile]);
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        LandmarkModelInfo info = model.Describe();
        SingleResult.Write(session.Terminal, new DescriptionForms<LandmarkModelInfo, LandmarkInfo>(ModelSummary.Of(model, info),
            ResultJson.Lines.LandmarkModelInfo, LandmarkColumns.All, told => told.Landmarks), format, file, info);
        session.Log.WriteWarnings();
    }
}
