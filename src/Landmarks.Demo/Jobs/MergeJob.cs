using Landmarks.Demo.Data;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Landmarks.Demo.Shards;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Makes of all shards in a folder the model that one fit makes of the photographs.</summary>
internal static class MergeJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="settings">Where the shards are, and where the model goes.</param>
    public static void Run(Session session, MergeSettings settings)
    {
        var folder = ShardFolder.Open(settings.Folder);
        using OutputFile? output = settings.OutputFile is null ? null : session.CreateModelOutput(settings.OutputFile, folder.Files);
        using IndexServers? servers = settings.Index is null ? null : IndexServers.Open();
        // Before all that takes time.
        bool isMade = servers is not null && IsMade(session, servers, settings);
        foreach (ShardKind kind in Enum.GetValues<ShardKind>())
            folder.List(kind);
        using EmbeddedShards embedded = EmbeddedShards.Open(session, folder);
        var penalties = PenaltyShards.Open(session, folder, embedded.Fingerprint);
        session.Log.WriteWarnings();
        if (embedded.Remark is { } remark)
            session.Terminal.WriteLine(remark);
        long steps = new FileInfo(folder.StepsFile).Length;
        output?.Require(settings.Index is null ? LandmarkModel.MostBytes(steps, embedded.Counts.All, embedded.Dimension) : steps);
        session.Outputs.Scratch.Require();
        var learner = new Learner(session, penalties.Learning, embedded.Counts.Landmarks, settings.Gpu, settings.FallbackToCpu)
        {
            Penalties = penalties.All,
        };
        using FittedStep fitted = session.Follow(board => learner.Fit(
            new MonitoredDataView(embedded.Rows, board.Add("Embeddings", embedded.Counts.All), session.Cancellation), board));
        foreach (string sentence in fitted.Sentences)
            session.Terminal.WriteLine(sentence);
        var model = new LandmarkModel("The merged model",
            new TransformerChain<ITransformer>([.. embedded.Steps, fitted.Step]), embedded.Schema);
        if (servers is not null)
        {
            if (!isMade)
                IndexCreateJob.Create(session, servers, model, settings.Index!, settings.Roles);
            IndexLoadJob.Load(session, servers, model, settings.Index!, output);
            return;
        }

        model.Save(session, output!);
        output!.Commit();
        session.WriteSummary(output, $"{fitted.Rows}", embedded.Counts.All);
    }

    // Whether the index is there, and empty.
    private static bool IsMade(Session session, IndexServers servers, MergeSettings settings)
    {
        LandmarkIndexState state
            = servers.Ask(sources => PostgresLandmarkIndex.GetStateAsync(sources, settings.Index!, session.Cancellation));
        if (state == LandmarkIndexState.Loaded)
            throw Errors.IndexLoaded(settings.Index!);
        if (state == LandmarkIndexState.Empty && settings.Roles.Readers.Count + settings.Roles.Writers.Count > 0)
            throw Errors.RolesOfMadeIndex(settings.Index!);
        return state == LandmarkIndexState.Empty;
    }
}
