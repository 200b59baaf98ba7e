using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Answers queries, following how far it is.</summary>
internal static class Answering
{
    // A folder that is not there makes all of them unreadable.
    private const int MostToTell = 10;

    /// <summary>Answers rows, and tells of the photographs that can't be read.</summary>
    /// <param name="session">The job's session. It fails where such a photograph is no matter of course.</param>
    /// <param name="model">Answers them.</param>
    /// <param name="rows">The queries.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="settings">What becomes of a photograph that can't be read.</param>
    /// <param name="read">Reads the predictions, in one pass.</param>
    /// <returns>An answer for each row in order; where a photograph that can't be read stops the job, only those before it.</returns>
    public static IReadOnlyList<T> Run<T>(Session session, LandmarkModel model, IDataView rows, long count, PredictSettings settings,
        Func<MLContext, IDataView, IEnumerable<T>> read)
    {
        session.EndWhenCanceled(model.Steps);
        bool stops = settings.BadImages == BadImageHandling.Throw;
        List<T> answers = session.Follow(board =>
        {
            List<T> answers = [];
            var monitored = new MonitoredDataView(rows, board.Add("Photographs", count), session.Cancellation);
            foreach (T answer in read(session.ML, model.Transform(monitored)))
            {
                if (stops && model.Unreadable.Contains(answers.Count))
                    break;
                answers.Add(answer);
            }

            return answers;
        });
        IEnumerable<string> unreadable = model.Unreadable.All.Select(photograph => LibraryTexts.Translate(photograph.Message));
        TellUnreadable(session, [.. unreadable.Take(stops ? 1 : int.MaxValue)], settings.BadImages);
        return answers;
    }

    /// <summary>Tells of photographs that can't be read, and that the job failed where they are no matter of course.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="unreadable">What is wrong with each.</param>
    /// <param name="badImages">What becomes of such a photograph.</param>
    public static void TellUnreadable(Session session, IReadOnlyList<string> unreadable, BadImageHandling? badImages)
    {
        if (unreadable.Count > 0 && badImages == BadImageHandling.Skip)
        {
            session.Terminal.WriteWarning(Errors.Unreadable(unreadable.Count, unreadable[0]));
            return;
        }

        foreach (string message in unreadable.Take(MostToTell))
            session.Fail(message);
        if (unreadable.Count > MostToTell)
            session.Fail(Errors.MoreUnreadable(unreadable.Count - MostToTell));
    }
}
