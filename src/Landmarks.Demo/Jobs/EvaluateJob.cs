using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Compares predictions with the truth.</summary>
internal static class EvaluateJob
{
    public static void Run(Session session, string predictionsFile, string truthFile)
    {
        LandmarkMetrics metrics = session.ML.Data.EvaluateLandmarks(session.ML.Data.LoadLandmarkSubmission(predictionsFile),
            session.ML.Data.LoadLandmarkTruth(truthFile));
        MetricsWriter.Write(session.Terminal, metrics);
        session.Log.WriteWarnings();
    }
}
