using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Landmarks.Demo.Shards;
using Landmarks.Demo.Shards.Tables;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Finds the penalties of one shard of the landmark rows in a folder of embeddings.</summary>
internal static class PenaltiesJob
{
    // One row of either kind: its number, the kind and the penalty, with what Parquet writes about them.
    private const int BytesOfRow = 64;

    // A number and a cosine, with how deep they lie in a list.
    private const int BytesOfNeighbor = sizeof(int) + sizeof(double) + 2;

    /// <param name="session">The job's session.</param>
    /// <param name="folderPath">The folder.</param>
    /// <param name="shard">Whose landmark rows.</param>
    /// <param name="readLearning">How the model learns that they are for, given what is taken where nothing else is said, and whether the
    /// embeddings were made for --best.</param>
    /// <param name="gpu">The GPU that searches; null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take its place.</param>
    public static void Run(Session session, string folderPath, LandmarkShard shard,
        Func<LearningSettings, bool, LearningSettings> readLearning, int? gpu, bool fallbackToCpu)
    {
        var folder = ShardFolder.Open(folderPath);
        using ShardOutput output = folder.Begin(session, ShardKind.Penalties, shard);
        using EmbeddedShards embedded = EmbeddedShards.Open(session, folder);
        LearningSettings learning = readLearning(new LearningSettings { Smoothing = embedded.Smoothing }, embedded.IsBest);
        var manifest = new PenaltyManifest
        {
            Kind = ShardKind.Penalties,
            Shard = shard.Number,
            Shards = shard.Count,
            Rows = 0,
            Embeddings = embedded.Fingerprint,
            Learning = learning,
            Names = learning.OpenNames is { } open
                ? LandmarkNames.Read(session.ML, open(session.ML)).All : new Dictionary<string, string>(),
        };
        session.Log.WriteWarnings();
        if (output.FindComplete<PenaltyManifest>() is { } made)
        {
            if (FindDifference(made, manifest) is not { } difference)
            {
                session.Terminal.WriteLine(
                    $"Shard {shard} is complete: {folder.FileOf(ShardKind.Penalties, shard)}, {Quantity.Of(made.Rows, "penalty row")}.");
                return;
            }

            session.Log.Warn(Errors.ShardMadeAgain(folder.ManifestOf(ShardKind.Penalties, shard), difference));
        }

        session.Log.WriteWarnings();
        long rows = RowCounts.Of(new ShardRows(embedded.Rows, shard), session.Cancellation).Landmarks;
        var learner = new Learner(session, learning, rows, gpu, fallbackToCpu);
        OutputFile file = output.BeginFile(MostBytes(learning, rows, embedded.Counts.NonLandmarks));
        var columns = new PenaltyColumns();
        var table = new TableWriter(file.Stream, columns.All, session.Cancellation);
        session.Follow(board =>
        {
            foreach (LandmarkPenalty penalty in learner.FindPenalties(embedded.Rows, shard, board))
            {
                columns.Add(penalty, learning.TrainPenaltyNeighbors);
                table.EndRow();
            }

            return true;
        });
        table.Complete();
        output.Commit(manifest with { Rows = table.Rows });
        session.Terminal.WriteLine($"Wrote {file.Path}: {Quantity.Of(table.Rows, "penalty row")} in "
            + $"{Quantity.Of(session.Elapsed)}, {Quantity.Rate(table.Rows, session.Elapsed)} a second.");
    }

    // Why those that are there are not those that are to be; null where they are.
    private static string? FindDifference(PenaltyManifest made, PenaltyManifest asked)
        => made.Embeddings != asked.Embeddings ? Errors.OfOtherEmbeddings
            : made.FindOtherSetting(asked) is var (name, there, here) ? Errors.OfOtherSetting(name, there, here) : null;

    private static long MostBytes(LearningSettings learning, long rows, long nonLandmarks)
    {
        // Whichever way is chosen at last.
        int kinds = learning is { IsPlain: false, Method: null } ? 2 : 1;
        return kinds * rows * (BytesOfRow + Math.Min(learning.TrainPenaltyNeighbors + 1L, nonLandmarks) * BytesOfNeighbor);
    }
}
