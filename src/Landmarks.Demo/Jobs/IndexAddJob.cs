using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Adds photographs to an index.</summary>
internal static class IndexAddJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is added, by which model's steps.</param>
    /// <param name="schema">The index.</param>
    public static void Run(Session session, AddSettings settings, string schema)
    {
        TrainingData data = session.TellWarnings(() => settings.OpenData(session.ML, session.Cancellation));
        if (data.Remark is { } remark)
            session.Terminal.WriteLine(remark);
        (session.ML.GpuDeviceId, session.ML.FallbackToCpu) = (settings.Gpu, settings.FallbackToCpu);
        using LandmarkModel model = LandmarkModel.Load(session, settings.Model, schema);
        session.EndWhenCanceled(model.Steps);
        PostgresLandmarkIndex index = model.Index!;
        LandmarkModelInfo before = model.Describe();
        // Before hours of work on photographs. What another program adds meanwhile is found at the end.
        string[] ids = [.. TextColumn.Read(data.Rows, Embedding.Id, session.Cancellation)];
        IReadOnlySet<string> known = index.FindAsync(ids, session.Cancellation).GetAwaiter().GetResult();
        ModelIds.Check(schema, known, data.Rows, settings.Replaces, session.Cancellation);
        using var added = new AddedPhotographs(session, model, before.NonLandmarkLabel, data, settings);
        LandmarkChange change = session.Follow(board => index.AddAsync(model.Landmarks, added.Embed(board), settings.Replaces,
            session.Cancellation).GetAwaiter().GetResult());
        foreach (string line in ModelChange.Describe([change], before, model.Describe()))
            session.Terminal.WriteLine(line);
        session.WriteCacheSummary();
        session.Terminal.WriteLine($"Changed '{schema}': {FittedStep.Of(model.Landmarks).Rows} in {Quantity.Of(session.Elapsed)}, "
            + $"{Quantity.Rate(data.Counts.All, session.Elapsed)} images a second.");
    }
}
