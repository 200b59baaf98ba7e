using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>Fits methods to the embeddings of training photographs; what several of them need is computed once.</summary>
internal sealed class Learning
{
    private readonly Session _session;
    private readonly FitSettings _settings;
    private readonly IDataView _rows;
    private readonly RowCounts _counts;
    private readonly IProgressBoard _board;
    private readonly Lazy<WhiteningTransformer?> _whitening;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">The numbers of neighbors.</param>
    /// <param name="rows">Ids, labels and embeddings; read once by each step that learns.</param>
    /// <param name="counts">How many rows there are.</param>
    /// <param name="board">Shows how far fitting is.</param>
    public Learning(Session session, FitSettings settings, IDataView rows, RowCounts counts, IProgressBoard board)
    {
        _session = session;
        _settings = settings;
        _rows = rows;
        _counts = counts;
        _board = board;
        _whitening = new Lazy<WhiteningTransformer?>(Whiten);
    }

    /// <summary>Whether the rows can be whitened. A warning tells why not.</summary>
    public bool CanWhiten => _whitening.Value is not null;

    public LearnedMethod Fit(Method method)
    {
        WhiteningTransformer? whitening = method.Whitens ? _whitening.Value : null;
        IProgress<long> penalties = _board.Add($"Penalties, {method.Name}", _counts.Landmarks);
        KnnLandmarkTransformer landmarks = _session.ML.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = Embedding.Id,
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            NumberOfNeighbors = _settings.Neighbors,
            NumberOfTrainingPenaltyNeighbors = _settings.TrainPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors = _settings.QueryPenaltyNeighbors,
            TrainingPenaltyWeight = method.PenaltyWeight,
            QueryPenaltyWeight = method.PenaltyWeight,
            Tuning = method.Tunes ? new KnnLandmarkTuning
            {
                Progress =
                new PercentProgress(_board.Add("Tuning, percent", PercentProgress.Total))
            } : null,
            GpuDeviceId = _settings.Gpu,
            FallbackToCpu = _settings.FallbackToCpu,
            CancellationToken = _session.Cancellation,
            Progress = penalties,
        }).Fit(whitening?.Transform(_rows) ?? _rows);
        // Its bar is of Fit alone.
        landmarks.Progress = null;
        return new LearnedMethod(whitening, landmarks);
    }

    // Null where the rows can't be whitened: landmarks are then learned from them as they are.
    private WhiteningTransformer? Whiten()
    {
        var rows = new MonitoredDataView(_rows, _board.Add("Whitening", _counts.All), _session.Cancellation);
        try
        {
            return _session.ML.Transforms.WhitenFeatures(
                new WhiteningEstimator.Options { OutputColumnName = Embedding.Features, CancellationToken = _session.Cancellation })
                .Fit(rows);
        }
        catch (InvalidOperationException e)
        {
            _session.Log.Warn(Errors.NotWhitened(Errors.Describe(e)));
            return null;
        }
    }
}
