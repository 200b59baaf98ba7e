using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML.Landmarks.Voting.Index;

/// <summary>In the place of rows that are no part of a model, until whoever loads the model says where they are.</summary>
/// <param name="external">What the model's file says of them.</param>
internal sealed class DetachedLandmarkIndex(ExternalRows external) : LandmarkIndex
{
    /// <inheritdoc/>
    public override int Dimension => external.Dimension;

    /// <inheritdoc/>
    public override long LandmarkRowCount => 0;

    /// <inheritdoc/>
    public override long NonLandmarkRowCount => 0;

    internal override ExternalRows External => external;

    internal override bool HasChanged => false;

    internal override LandmarkLabels Labels => throw Detached();

    internal override bool KnowsIds => throw Detached();

    internal override bool KnowsNonLandmarkIds => throw Detached();

    internal override int MostNeighbors => MostNeighborsOfShared;

    internal override int MostNonLandmarks => MostNeighborsOfShared;

    internal override int MostLandmarks => MostNeighborsOfShared;

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    internal override long[] CountRows() => throw Detached();

    internal override ValueTask SearchAsync(ReadOnlyMemory<float> queries, LandmarkRequest request, LandmarkMatches matches,
        ParallelOptions parallelism) => throw Detached();

    internal override ValueTask ExpandAsync(Memory<float> queries, int count, double penaltyWeight, ParallelOptions parallelism)
        => throw Detached();

    private InvalidOperationException Detached() => Errors.IndexDetached(external.Kind, external.Name);
}
