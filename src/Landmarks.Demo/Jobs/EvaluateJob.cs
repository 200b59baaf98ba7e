using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Compares predictions with the truth.</summary>
internal static class EvaluateJob
{
    public static void Run(Session session, string predictionsFile, string truthFile)
    {
        LandmarkMetrics metrics = session.ML.Data.EvaluateLandmarks(session.ML.Data.LoadLandmarkSubmission(predictionsFile), session.ML.Data.LoadLandmarkTruth(truthFile));
        MetricsWriter.Write(session.Terminal, metrics);
        session.Log.WriteWarnings();
    }

    public static LandmarkMetrics Evaluate(MLContext ml, IEnumerable<Answer> answers, IEnumerable<Truth> truth)
        => ml.Data.EvaluateLandmarks(ml.Data.LoadFromEnumerable(answers), ml.Data.LoadFromEnumerable(truth));
}
