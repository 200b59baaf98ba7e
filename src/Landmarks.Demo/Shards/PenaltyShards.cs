using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Landmarks.Demo.Shards.Tables;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Shards;

/// <summary>The penalties of all shards of a folder, which are of its embeddings and were found for one model.</summary>
internal sealed class PenaltyShards
{
    private const ShardKind Kind = ShardKind.Penalties;

    private readonly IReadOnlyList<string> _files;
    private readonly CancellationToken _cancellation;

    private PenaltyShards(IReadOnlyList<string> files, LearningSettings learning, CancellationToken cancellation)
        => (_files, Learning, _cancellation) = (files, learning, cancellation);

    /// <summary>How the model learns that they are found for.</summary>
    public LearningSettings Learning { get; }

    /// <summary>The penalties, which are read each time that they are asked for.</summary>
    public IEnumerable<LandmarkPenalty> All => _files.SelectMany(Read);

    /// <summary>Looks at all files, each of which is read once for that.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="embeddings">What the embeddings there are known by.</param>
    /// <exception cref="JobFailedException">A file is missing or not as it was written; or it is of other embeddings, or was found for
    /// another model than the first.</exception>
    public static PenaltyShards Open(Session session, ShardFolder folder, string embeddings)
    {
        return session.Follow(board =>
        {
            PenaltyManifest? first = null;
            List<string> files = [];
            // One by one: each has all names of landmarks.
            foreach (PenaltyManifest manifest in folder.ReadAll<PenaltyManifest>(Kind, board, session.Cancellation))
            {
                first ??= manifest;
                if (manifest.Embeddings != embeddings)
                    throw Errors.PenaltiesOfOtherEmbeddings(FileOf(manifest), folder.CommandOf(Kind, manifest.Place));
                if (manifest.FindOtherSetting(first) is var (name, found, expected))
                {
                    throw Errors.PenaltiesOfOtherSettings(FileOf(manifest), name, found, FileOf(first), expected,
                        folder.CommandOf(Kind, manifest.Place));
                }

                files.Add(folder.FileOf(Kind, manifest.Place));
            }

            LearningSettings learning = first!.Learning with { OpenNames = LandmarkNames.Opener(first.Names) };
            return new PenaltyShards(files, learning, session.Cancellation);
        });

        string FileOf(PenaltyManifest manifest) => folder.ManifestOf(Kind, manifest.Place);
    }

    private IEnumerable<LandmarkPenalty> Read(string file)
    {
        var columns = new PenaltyColumns();
        using var reader = new TableReader(file, columns.All, _cancellation);
        while (reader.MoveNext())
            yield return columns.Find(reader.Place) ?? throw Errors.NoPenalty(file);
    }
}
