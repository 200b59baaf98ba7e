using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// The fitted rows of a step that names landmarks, and what finds those that are near a query: in memory, as Fit and a loaded model have
/// them, or in a database that several programs share.
/// </summary>
/// <remarks>Answers are the same bits wherever the rows are. Packages of this library's own make indexes; other classes can't.</remarks>
public abstract class LandmarkIndex : IDisposable
{
    // The most neighbors and landmarks of a query that an index finds whose rows others change: whatever it holds, a batch of them fits.
    private protected const int MostNeighborsOfShared = 100_000;

    internal LandmarkIndex()
    {
    }

    /// <summary>Values of a row.</summary>
    public abstract int Dimension { get; }

    /// <summary>How many rows with a landmark there are; where others write them, there were when it was last asked.</summary>
    public abstract long LandmarkRowCount { get; }

    /// <summary>How many rows without a landmark there are; where others write them, there were when it was last asked.</summary>
    public abstract long NonLandmarkRowCount { get; }

    /// <summary>What whoever is answered by it should know, which is logged too where it is attached to a model; null for
    /// nothing.</summary>
    public virtual string? Warning => null;

    /// <summary>Where rows are that are not part of the model; null for those that are.</summary>
    internal abstract ExternalRows? External { get; }

    /// <summary>The features that the model whose rows were put in has made of a few pictures, to be compared with those of another
    /// machine; null where there are none.</summary>
    internal virtual IReadOnlyList<float[]>? Probes => null;

    /// <summary>Whether rows have come or gone since those of a model were put in.</summary>
    internal abstract bool HasChanged { get; }

    /// <summary>The landmarks that are known; where others write them, they become more, and never fewer.</summary>
    internal abstract LandmarkLabels Labels { get; }

    /// <summary>Whether landmark rows are named by ids, and not by number.</summary>
    internal abstract bool KnowsIds { get; }

    /// <summary>Whether non-landmarks are named by ids, and not by number.</summary>
    internal abstract bool KnowsNonLandmarkIds { get; }

    /// <summary>More landmark rows are found of no query.</summary>
    internal abstract int MostNeighbors { get; }

    /// <summary>More non-landmarks are found of no query.</summary>
    internal abstract int MostNonLandmarks { get; }

    /// <summary>More landmarks are ranked of no query.</summary>
    internal abstract int MostLandmarks { get; }

    /// <summary>Refuses a model that asks otherwise than answers were found to be good enough.</summary>
    /// <param name="neighbors">How many vote.</param>
    /// <param name="penaltyWeight">The factor of the rows' penalties.</param>
    /// <param name="queryExpansion">How many rows each query is averaged with.</param>
    /// <exception cref="InvalidOperationException">Nobody has looked whether they are for such a model.</exception>
    internal virtual void CheckAsked(int neighbors, double penaltyWeight, int queryExpansion)
    {
    }

    /// <summary>How many rows each of <see cref="Labels"/> has, in their order.</summary>
    internal abstract long[] CountRows();

    /// <summary>
    /// Finds the rows that are nearest to each query: landmark rows by cosine less weighted penalty, non-landmarks by cosine, of equal ones
    /// the lower row first.
    /// </summary>
    /// <param name="queries">[q, d], of unit length.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="matches">Overwritten.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    internal abstract ValueTask SearchAsync(ReadOnlyMemory<float> queries, LandmarkRequest request, LandmarkMatches matches,
        ParallelOptions parallelism);

    /// <summary>Draws queries towards their nearest landmark rows, as <see cref="QueryExpansion"/> says.</summary>
    /// <param name="queries">[q, d], of unit length, overwritten.</param>
    /// <param name="count">How many rows a query is averaged with; all where there are fewer.</param>
    /// <param name="penaltyWeight">The factor of the rows' penalties.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    internal abstract ValueTask ExpandAsync(Memory<float> queries, int count, double penaltyWeight, ParallelOptions parallelism);

    /// <summary>Frees what the index holds outside of .NET's memory, while nothing searches; a later search takes it anew.</summary>
    public abstract void Dispose();
}
