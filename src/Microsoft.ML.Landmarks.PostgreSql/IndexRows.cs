using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.PostgreSql;

/// <summary>The rows of a model that are put into an index, and what the index says of them.</summary>
internal sealed class IndexRows
{
    private readonly KnnLandmarkTransformer _landmarks;
    private readonly LandmarkSteps _steps;

    /// <exception cref="InvalidOperationException">No step of the library names landmarks in the model, its rows are elsewhere already, or
    /// its labels are keys.</exception>
    public IndexRows(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _steps = new LandmarkSteps(model);
        ILandmarkStep step = _steps.Step;
        _landmarks = _steps.Landmarks;
        MemoryLandmarkIndex rows = _landmarks.RowsInMemory;
        Gallery gallery = rows.Gallery;
        string labelType = LabelTypes.NameOf(gallery.Labels.Type) ?? throw Errors.KeyLabels();
        Header = new IndexHeader(Guid.NewGuid(), rows.Dimension, _landmarks.Settings.NumberOfTrainingPenaltyNeighbors,
            step.RowsFingerprint, labelType, gallery.Ids is not null, gallery.NonLandmarkIds is not null,
            _landmarks.Settings.SameLandmarkSmoothing is not 0,
            _landmarks.Settings.Rows.NonLandmarkLabel, Server: 0, ServerCount: 0, IsLoaded: true, gallery.Landmarks.Count,
            gallery.NonLandmarks.Count, Epoch: 0, Changes: 0, gallery.Labels.LandmarkCount);
    }

    /// <summary>What an index of these rows says, but for the servers.</summary>
    public IndexHeader Header { get; }

    public Gallery Gallery => _landmarks.Gallery;

    /// <summary>What its model makes of a few pictures; nothing where it does not take photographs.</summary>
    public float[][] EmbedProbes() => ProbePhotographs.Embed(_steps) ?? [];

    /// <summary>Visits the landmark rows in order, each with the non-landmarks that make its penalty.</summary>
    public void VisitLandmarks(NearestNonLandmarks.Visitor visit, CancellationToken cancellation)
    {
        int count = Math.Min(Header.PenaltyNeighbors, Gallery.NonLandmarks.Count);
        if (count > 0)
        {
            _landmarks.RowsInMemory.VisitNearestNonLandmarks(count, new ParallelOptions { CancellationToken = cancellation }, visit);
            return;
        }

        for (int row = 0; row < Gallery.Landmarks.Count; row++)
            visit(row, []);
    }
}
