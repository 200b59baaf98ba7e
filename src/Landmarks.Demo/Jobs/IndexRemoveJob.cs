using Landmarks.Demo.Data;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Removes landmarks and photographs from an index.</summary>
internal static class IndexRemoveJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    /// <param name="modelFile">The zip file of the model that knows the names of landmarks; null: they are called by their
    /// labels.</param>
    /// <param name="settings">What is removed.</param>
    public static void Run(Session session, string schema, string? modelFile, RemoveSettings settings)
    {
        var photographs = new RemovedPhotographs(session, settings);
        using LandmarkModel? model = modelFile is null ? null : LandmarkModel.Load(session, modelFile, schema);
        using IndexServers? servers = model is null ? IndexServers.Open() : null;
        PostgresLandmarkIndex index = model?.Index ?? servers!.Attach(schema, session.Cancellation);
        string[] known = [.. index.FindAsync(photographs.Asked, session.Cancellation).GetAwaiter().GetResult()],
            ids = photographs.Find(schema, index.HasIds, known),
            labels = settings.Landmarks.Count == 0 ? []
                : ModelLandmarks.Find(schema, Landmarks(), settings.Landmarks, Errors.ListOfIndex);
        session.Log.WriteWarnings();
        List<LandmarkChange> changes = [];
        if (ids.Length > 0)
            changes.Add(index.RemoveAsync(ids, session.Cancellation).GetAwaiter().GetResult());
        // Those photographs may have been all that a landmark had, and it is none then.
        if (labels.Length > 0 && labels.Intersect(Landmarks().Select(landmark => landmark.Label)).ToArray() is { Length: > 0 } left)
            changes.Add(index.RemoveLandmarksAsync(left, session.Cancellation).GetAwaiter().GetResult());
        session.Terminal.WriteLine(RowCounts.Describe(changes));
        session.Terminal.WriteLine($"Changed '{schema}': {new RowCounts(index.LandmarkRowCount, index.NonLandmarkRowCount)} in "
            + $"{Quantity.Of(session.Elapsed)}.");

        IReadOnlyList<LandmarkInfo> Landmarks() => model?.Describe().Landmarks
            ?? index.DescribeAsync(session.Cancellation).GetAwaiter().GetResult().Landmarks;
    }
}
