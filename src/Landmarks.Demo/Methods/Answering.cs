using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Answers queries, following how far it is.</summary>
internal static class Answering
{
    // A folder that is not there makes all of them unreadable.
    private const int MostToTell = 10;

    /// <summary>Answers photographs, each as soon as it is known.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="recognizer">Answers them.</param>
    /// <param name="photos">The photographs.</param>
    /// <param name="stopsAtBadImage">Whether a photograph that can't be read is the last.</param>
    /// <param name="take">Takes an answer, and says whether others are wanted.</param>
    /// <returns>What is wrong with those that can't be read; null where others were not wanted.</returns>
    public static IReadOnlyList<string>? Ask(Session session, LandmarkRecognizer recognizer, IReadOnlyList<PhotoQuery> photos,
        bool stopsAtBadImage, Func<LandmarkAnswer, bool> take)
    {
        return session.Follow<IReadOnlyList<string>?>(board =>
        {
            List<string> unreadable = [];
            int asked = 0;
            foreach (LandmarkAnswer answer in recognizer.Recognize(Paths(board.Add("Photographs", photos.Count))))
            {
                string? reason = answer.Error is null ? null : photos[asked].Problem ?? LibraryTexts.Translate(answer.Error);
                if (!take(answer with { Id = photos[asked].Id, Error = reason }))
                    return null;
                if (reason is not null)
                    unreadable.Add(reason);
                asked++;
                if (reason is not null && stopsAtBadImage)
                    break;
            }

            return unreadable;
        });

        IEnumerable<string> Paths(IProgress<long> progress)
        {
            for (int i = 0; i < photos.Count; i++)
            {
                session.Cancellation.ThrowIfCancellationRequested();
                progress.Report(i + 1);
                yield return photos[i].Path;
            }
        }
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
