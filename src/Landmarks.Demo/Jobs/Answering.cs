using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers queries, following how far it is.</summary>
internal static class Answering
{
    /// <param name="session">The job's session.</param>
    /// <param name="model">Answers them.</param>
    /// <param name="rows">The queries.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="read">Reads the predictions, in one pass.</param>
    public static IReadOnlyList<T> Run<T>(Session session, LandmarkModel model, IDataView rows, long count, Func<MLContext, IDataView, IReadOnlyList<T>> read)
    {
        using CancellationTokenRegistration registration = session.DisposeWhenCanceled(model);
        return session.Follow(board => read(session.ML, model.Transform(new MonitoredDataView(rows, board.Add("Photographs", count), session.Cancellation))));
    }
}
