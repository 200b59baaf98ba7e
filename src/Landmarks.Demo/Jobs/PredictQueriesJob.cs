using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers the queries of a CSV file into another, in their order.</summary>
internal static class PredictQueriesJob
{
    public static void Run(Session session, PredictSettings settings, LandmarkSource queries, string outputFile)
    {
        ImageFolder.Require(queries.ImageFolder);
        LandmarkNames? names = settings.Names is { } file ? LandmarkNames.Read(session.ML, file) : null;
        long count = RowCounts.Of(session.ML.Data.LoadLandmarks(queries), session.Cancellation).All;
        using LandmarkModel model = LandmarkModel.Load(session.ML, settings.Model, settings.BadImages);
        using OutputFile output = session.Outputs.Create(outputFile);
        IReadOnlyList<Answer> answers = Answering.Run(session, model, session.ML.Data.LoadLandmarks(queries), count, AnswerReader.Read);
        session.ML.Data.SaveLandmarkSubmission(session.ML.Data.LoadFromEnumerable(answers), output.TemporaryPath);
        output.Commit();
        if (names is not null)
            AnswerWriter.Write(session.Terminal, answers, names);
        session.WriteSummary(output, Quantity.Of(answers.Count, "row"), answers.Count);
    }
}
