using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers photographs, and shows the answers with the neighbors that gave them.</summary>
internal static class PredictPhotosJob
{
    public static void Run(Session session, PredictSettings settings, IReadOnlyList<string> photos)
    {
        LandmarkNames names = settings.Names is { } file ? LandmarkNames.Read(session.ML, file) : LandmarkNames.None;
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, settings.MaxPixels);
        IDataView rows = session.ML.Data.LoadFromEnumerable(photos.Select(photo => new PhotoRow { Id = photo, ImagePath = photo }));
        IReadOnlyList<PhotoAnswer> answers = Answering.Run(session, model, rows, photos.Count, settings, AnswerReader.ReadWithNeighbors);
        for (int i = 0; i < answers.Count; i++)
            AnswerWriter.Write(session.Terminal, answers[i], names, isUnreadable: model.Unreadable.Contains(i));
        session.Terminal.WriteLine($"Answered {Quantity.Of(answers.Count(a => !a.Answer.IsMissing), "photograph")} in "
            + $"{Quantity.Of(session.Elapsed)}, {Quantity.Rate(photos.Count, session.Elapsed)} images a second. Nothing was written.");
    }
}
