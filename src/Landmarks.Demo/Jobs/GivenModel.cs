using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Jobs;

/// <summary>A model that is compared with those that are fitted: it answers the same queries by its own steps and rows.</summary>
internal static class GivenModel
{
    /// <summary>Asks it. What is wrong with it is found before any photograph is read.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="settings">How photographs are read, and where it works.</param>
    /// <param name="file">Its zip file.</param>
    /// <param name="index">The schema that holds its rows; null where they are in the file.</param>
    /// <param name="queries">The queries.</param>
    /// <exception cref="JobFailedException">It is no model of photographs, its rows are elsewhere, or it knows no landmark that the queries
    /// show.</exception>
    /// <exception cref="InvalidOperationException">There is no such index, or it is another model's.</exception>
    public static ComparedAnswers Ask(Session session, FitSettings settings, string file, string? index, KnownQueries queries)
    {
        (session.ML.GpuDeviceId, session.ML.FallbackToCpu) = (settings.Gpu, settings.FallbackToCpu);
        using LandmarkModel model = LandmarkModel.Load(session, file, index);
        session.EndWhenCanceled(model.Steps);
        // Photographs are read as the other models read them, whatever this one was fitted with: all answer the same.
        using Embedding embedding = Embedding.Of(session, model, settings);
        RequirePhotographs(model, embedding, file, queries);
        LandmarkModelInfo info = model.Describe();
        var landmarks = new CalledLandmarks(info.Landmarks, queries);
        Check(session, file, landmarks, queries);
        int trained = queries.CountTrained(ids => model.Index is { } rows
            ? rows.FindAsync(ids, session.Cancellation).GetAwaiter().GetResult() : info.Ids);
        if (trained > 0)
            session.Log.Warn(Errors.QueriesOfModel(file, trained, queries.Truth.Count));
        session.Log.WriteWarnings();
        session.Terminal.WriteLine($"Asking '{file}', which is given and not fitted here: {FittedStep.Of(model.Landmarks).Rows}"
            + $"{(index is null ? "" : $" in the index '{index}'")}{(landmarks.AreNames ? "; its landmarks by their names" : "")}.");

        IDataView answers = session.Follow(board => KeptView.Keep(session.ML, model.Landmarks.Transform(
            embedding.Transform(queries.Rows, board.Add("Queries, given model", queries.Truth.Count))), ComparedAnswers.Columns));
        var judged = model.Landmarks as LandmarkRecognizingTransformer;
        return new ComparedAnswers(MethodName.OfGiven(file, index),
            string.Join('+', info.Networks.SelectMany(network => network.ImageSizes)), landmarks.Call(session.ML, answers),
            judged?.FalseAlarmRate, judged?.UnknownLandmarkRate, landmarks.ToView(session.ML));
    }

    private static void RequirePhotographs(LandmarkModel model, Embedding embedding, string file, KnownQueries queries)
    {
        ArgumentException? missing = null;
        try
        {
            if (AnswerReader.CanRead(model.Landmarks.GetOutputSchema(embedding.Steps.GetOutputSchema(queries.Rows.Schema))))
                return;
        }
        catch (ArgumentException e)
        {
            missing = e;
        }

        throw Errors.NotAModel(file, Errors.OtherColumns, missing);
    }

    private static void Check(Session session, string file, CalledLandmarks landmarks, KnownQueries queries)
    {
        if (landmarks.UnknownCount == queries.WithLandmarkCount)
            throw Errors.LandmarksOfOthers(file, queries.Truth.First(query => query.ShowsLandmark).Label[0], [.. landmarks.Landmarks]);
        if (landmarks.UnknownCount > 0)
            session.Log.Warn(Errors.LandmarksNotOfModel(file, landmarks.UnknownCount, queries.WithLandmarkCount));
    }
}
