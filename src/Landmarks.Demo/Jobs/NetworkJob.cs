using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Tells what was found of a network.</summary>
internal static class NetworkJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">The network, and how it is used.</param>
    /// <param name="format">How it is told; null for text.</param>
    /// <param name="outputFile">Where; null for standard output.</param>
    public static void Run(Session session, FitSettings settings, ResultFormat? format, string? outputFile)
    {
        using OutputFile? file = session.CreateResultOutput(outputFile, isForProgram: format is not null, settings.InputFiles);
        NetworkDescription description = session.TellWarnings(() => NetworkTrial.Run(session, settings));
        if (settings.Preprocessor is { } preprocessor)
            session.Terminal.WriteLine(preprocessor.Describe(description.Preparation, [description.ImageSize]));
        SingleResult.Write(session.Terminal, new NetworkForms(), format, file, description);
        if (description.Problem is { } problem)
            session.Fail(problem);
    }
}
