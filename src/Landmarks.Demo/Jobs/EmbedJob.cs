using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Landmarks.Demo.Shards;
using Landmarks.Demo.Shards.Tables;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Embeds the photographs of one shard, and writes their embeddings into the folder of all shards.</summary>
internal static class EmbedJob
{
    // In bytes: the place of a row, its id and its label, and what Parquet writes beside a value of an embedding.
    private const int LargestRow = 1024, LargestValue = sizeof(float) + 1;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">All photographs, and how they are embedded.</param>
    /// <param name="folderName">The folder of all shards.</param>
    /// <param name="shard">Which part of the photographs.</param>
    /// <param name="landmarkFolders">The folder that has a folder for each landmark; null where CSV files name photographs.</param>
    public static void Run(Session session, FitSettings settings, string folderName, LandmarkShard shard, string? landmarkFolders)
    {
        // Its files would be told among what is left out there, and its folder would be a landmark.
        if (landmarkFolders is not null && ImageFolder.Holds(landmarkFolders, folderName))
            throw Errors.FolderOfLandmark(folderName, landmarkFolders);
        var training = new Training(session, settings, learns: false);
        foreach (string remark in training.Remarks)
            session.Terminal.WriteLine(remark);
        ShardFolder folder = ShardFolder.Create(folderName);
        using ShardOutput output = folder.Begin(session, ShardKind.Embeddings, shard);
        PhotographDigest photographs = Read();
        IReadOnlyList<int> sizes = settings.IsBest ? training.ChooseSeveralImageSizes() : training.ImageSizes;
        using Embedding embedding = training.CreateEmbedding(sizes);
        session.Log.WriteWarnings();
        if (sizes.Count > 1)
            session.Terminal.WriteLine($"Image sizes: {string.Join(", ", sizes)}.");
        var steps = new EmbeddingSteps(embedding.Steps, training.Data.Rows.Schema);
        EmbeddingManifest manifest = Describe(settings, training, steps, shard, photographs);
        // All that are there were compared so: one of them is enough, of however many.
        EmbeddingManifest? complete = output.FindComplete<EmbeddingManifest>();
        if ((complete ?? folder.ReadReadable<EmbeddingManifest>(ShardKind.Embeddings).FirstOrDefault()) is { } other)
            folder.RequireAlike(manifest, itsFile: null, other);
        steps.Share(session, folder);
        if (complete is not null)
        {
            session.Terminal.WriteLine($"Shard {shard} is complete: {folder.FileOf(ShardKind.Embeddings, shard)}, {Tell(complete)}.");
            return;
        }

        session.Log.WriteWarnings();
        OutputFile file = output.BeginFile(photographs.Held * (LargestRow + (long)manifest.Dimension * LargestValue));
        (long rows, long unreadable) = session.Follow(board => Write(session, file, embedding.Transform(
            new ShardRows(training.Data.Rows, shard), board.Add("Photographs", photographs.Held))));
        // The places of rows would be those of neither list.
        if (Read() != photographs)
            throw Errors.PhotographsChanged();
        manifest = manifest with { Rows = rows, Unreadable = unreadable };
        output.Commit(manifest);
        session.WriteSummary(file, Tell(manifest), rows);

        PhotographDigest Read() => PhotographDigest.Of(session.ML, training.Data.Rows, shard, session.Cancellation);
    }

    private static EmbeddingManifest Describe(FitSettings settings, Training training, EmbeddingSteps steps, LandmarkShard shard,
        PhotographDigest photographs) => new()
        {
            Kind = ShardKind.Embeddings,
            Shard = shard.Number,
            Shards = shard.Count,
            Rows = 0,
            Fingerprint = steps.Fingerprint,
            List = photographs.Hash,
            LandmarkRows = training.Data.Counts.Landmarks,
            NonLandmarkRows = training.Data.Counts.NonLandmarks,
            Remark = training.Data.Remark,
            Dimension = steps.Dimension,
            Unreadable = 0,
            Best = settings.IsBest,
            Smoothing = settings.Learning.Smoothing,
            Runtime = EmbeddingSteps.Runtime,
            Processor = steps.Processor,
        };

    private static (long Rows, long Unreadable) Write(Session session, OutputFile file, IDataView embedded)
    {
        var columns = new EmbeddingColumns(embedded.Schema[Embedding.Label].Type);
        var table = new TableWriter(file.Stream, columns.All, session.Cancellation);
        using DataViewRowCursor cursor = embedded.GetRowCursor(
            EmbeddingColumns.Taken.Select(name => embedded.Schema[name]));
        Func<bool> take = columns.CreateTaker(cursor);
        long unreadable = 0;
        while (cursor.MoveNext())
        {
            unreadable += take() ? 0 : 1;
            table.EndRow();
        }

        table.Complete();
        return (table.Rows, unreadable);
    }

    private static string Tell(EmbeddingManifest manifest)
        => $"embeddings of {Quantity.Of(manifest.Rows, "photograph")}"
            + (manifest.Unreadable == 0 ? "" : $", {manifest.Unreadable} of which could not be read");
}
