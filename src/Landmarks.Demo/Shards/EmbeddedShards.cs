using System.Security.Cryptography;
using System.Text;
using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Shards;

/// <summary>The embeddings in a folder, all shards of which are there and of one list of photographs and one network.</summary>
internal sealed class EmbeddedShards : IDisposable
{
    private readonly EmbeddingSteps _steps;
    private readonly EmbeddingManifest _first;

    private EmbeddedShards(EmbeddingSteps steps, IReadOnlyList<EmbeddingManifest> manifests, IDataView rows)
    {
        (_steps, _first, Rows) = (steps, manifests[0], rows);
        Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', manifests.Select(m => m.Checksum)))));
    }

    /// <summary>The steps that made them; disposed with this.</summary>
    public TransformerChain<ITransformer> Steps => _steps.Steps;

    /// <summary>The schema of the rows that the steps read.</summary>
    public DataViewSchema Schema => _steps.Rows;

    /// <summary>Id, Label and Features of all photographs in the order in which one process would have embedded them.</summary>
    public IDataView Rows { get; }

    /// <summary>What <see cref="Rows"/> has, those that can't be used included.</summary>
    public RowCounts Counts => new(_first.LandmarkRows, _first.NonLandmarkRows);

    /// <summary>How many values an embedding has.</summary>
    public int Dimension => _first.Dimension;

    /// <summary>Whether they are to be fitted as --best says.</summary>
    public bool IsBest => _first.Best;

    /// <summary>How much photographs of a landmark learn from each other.</summary>
    public double Smoothing => _first.Smoothing;

    /// <summary>What there is to say of the photographs, in words; null for nothing.</summary>
    public string? Remark => _first.Remark;

    /// <summary>Tells these embeddings from any others: the SHA-256 of all checksums.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads all manifests, and checks all files.</summary>
    /// <exception cref="JobFailedException">A shard is missing or damaged, or they do not belong together.</exception>
    public static EmbeddedShards Open(Session session, ShardFolder folder)
    {
        EmbeddingManifest[] manifests = session.Follow(board
            => folder.ReadAll<EmbeddingManifest>(ShardKind.Embeddings, board, session.Cancellation).ToArray());
        foreach (EmbeddingManifest manifest in manifests)
            folder.RequireAlike(manifests[0], folder.ManifestOf(ShardKind.Embeddings, manifests[0].Place), manifest);
        if (manifests.DistinctBy(m => (m.Version, m.Runtime, m.Processor)).Count() > 1)
            session.Log.Warn(Errors.ShardsOfSeveralMachines(folder.Path));
        var steps = EmbeddingSteps.Load(session, folder);
        try
        {
            if ((steps.Fingerprint, steps.Dimension) != (manifests[0].Fingerprint, manifests[0].Dimension))
                throw Errors.StepsOfOthers(folder.StepsFile);
            return new EmbeddedShards(steps, manifests, new MergedRows(folder.Path,
                [.. manifests.Select(m => folder.FileOf(ShardKind.Embeddings, m.Place))],
                manifests[0].Photographs, steps.Rows["Label"], steps.Embeddings, session.Cancellation));
        }
        catch
        {
            steps.Dispose();
            throw;
        }
    }

    public void Dispose() => _steps.Dispose();
}
