using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>Answers queries, following how far it is.</summary>
internal static class Answering
{
    /// <param name="session">The job's session.</param>
    /// <param name="rows">The queries.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="transform">Makes predictions of them.</param>
    /// <param name="read">Reads the predictions, in one pass.</param>
    public static IReadOnlyList<T> Run<T>(Session session, IDataView rows, long count, Func<IDataView, IDataView> transform, Func<MLContext, IDataView, IReadOnlyList<T>> read)
        => session.Follow(board => read(session.ML, transform(new MonitoredDataView(rows, board.Add("Photographs", count), session.Cancellation))));
}
