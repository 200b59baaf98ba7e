using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

/// <summary>An index that is no part of a model, as one in a database is: it answers by rows in memory.</summary>
internal sealed class SharedIndex(MemoryLandmarkIndex rows, string fingerprint) : LandmarkIndex
{
    public bool IsChanged { get; set; }

    public bool IsDisposed { get; private set; }

    public override int Dimension => rows.Dimension;

    public override long LandmarkRowCount => rows.LandmarkRowCount;

    public override long NonLandmarkRowCount => rows.NonLandmarkRowCount;

    internal override ExternalRows External => new("PostgreSql", "some rows", fingerprint, Dimension);

    internal override bool HasChanged => IsChanged;

    internal override LandmarkLabels Labels => rows.Labels;

    internal override bool KnowsIds => rows.KnowsIds;

    internal override bool KnowsNonLandmarkIds => rows.KnowsNonLandmarkIds;

    internal override int MostNeighbors => MostNeighborsOfShared;

    internal override int MostNonLandmarks => MostNeighborsOfShared;

    internal override int MostLandmarks => MostNeighborsOfShared;

    public override void Dispose() => IsDisposed = true;

    internal override long[] CountRows() => rows.CountRows();

    internal override ValueTask SearchAsync(ReadOnlyMemory<float> queries, LandmarkRequest request, LandmarkMatches matches,
        ParallelOptions parallelism) => rows.SearchAsync(queries, request, matches, parallelism);

    internal override ValueTask ExpandAsync(Memory<float> queries, int count, double penaltyWeight, ParallelOptions parallelism)
        => rows.ExpandAsync(queries, count, penaltyWeight, parallelism);
}
