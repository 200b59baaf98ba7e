using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>
/// Searches, votes and scores for the queries of a batch. A query without a cosine takes no part and has missing outputs.
/// </summary>
internal sealed class KnnLandmarkKernel : IBatchKernel
{
    private const int Missing = -1;

    private readonly KnnLandmarkEstimator.Options _options;
    private readonly VoteSettings _settings;
    private readonly Gallery _gallery;
    private readonly LandmarkVote _vote;
    private readonly INeighborEngine _landmarkEngine, _nonLandmarkEngine;
    private readonly KnnLandmarkOutput[] _outputs;
    private readonly FeatureReader _features;
    private readonly int _neighborCount, _penaltyCount, _expansionCount;
    private float[] _queries = [];
    private Neighbor[] _neighbors = [], _nonLandmarks = [], _expansion = [];
    private readonly double[] _sums;
    // Where the query of each slot stands among those that are searched; Missing for one that is not.
    private readonly int[] _places;
    private readonly int[] _winners;
    private readonly float[] _scores, _penalties;
    private int _queryCount;

    public KnnLandmarkKernel(KnnLandmarkEstimator.Options options, VoteSettings settings, Gallery gallery, INeighborEngine landmarks, INeighborEngine nonLandmarks,
        KnnLandmarkOutput[] outputs, FeatureReader features, int capacity)
    {
        _options = options;
        _settings = settings;
        _gallery = gallery;
        _vote = new LandmarkVote(gallery.Labels.LandmarkCount);
        _landmarkEngine = landmarks;
        _nonLandmarkEngine = nonLandmarks;
        _outputs = outputs;
        _features = features;
        _neighborCount = Math.Min(options.NumberOfNeighbors, gallery.Landmarks.Count);
        _penaltyCount = Math.Min(options.NumberOfQueryPenaltyNeighbors, gallery.NonLandmarks.Count);
        _expansionCount = Math.Min(options.QueryExpansion, gallery.Landmarks.Count);
        _sums = new double[_expansionCount > 0 ? features.Dimension : 0];
        _places = new int[capacity];
        _winners = new int[capacity];
        _scores = new float[capacity];
        _penalties = new float[capacity];
    }

    public void Read(int slot, long position)
    {
        if (slot == 0)
            _queryCount = 0;
        _places[slot] = Missing;
        if (!_features.TryRead())
            return;
        BatchArray.Reserve(ref _queries, _queryCount + 1, _features.Dimension);
        _features.UnitRow.CopyTo(_queries.AsSpan(_queryCount * _features.Dimension));
        _places[slot] = _queryCount++;
    }

    public void Run(int count, ParallelOptions parallelism)
    {
        BatchArray.Reserve(ref _neighbors, _queryCount, _neighborCount);
        BatchArray.Reserve(ref _nonLandmarks, _queryCount, _penaltyCount);
        BatchArray.Reserve(ref _expansion, _queryCount, _expansionCount);
        ReadOnlyMemory<float> queries = _queries.AsMemory(0, _queryCount * _features.Dimension);
        if (_expansionCount > 0)
            Expand(queries, parallelism);
        _landmarkEngine.Search(queries, _neighborCount, _neighbors.AsMemory(0, _queryCount * _neighborCount), parallelism);
        if (_penaltyCount > 0)
            _nonLandmarkEngine.Search(queries, _penaltyCount, _nonLandmarks.AsMemory(0, _queryCount * _penaltyCount), parallelism);
        for (int slot = 0; slot < count; slot++)
            (_winners[slot], _scores[slot], _penalties[slot]) = Vote(_places[slot]);
    }

    public Delegate GetGetter(int output) => _outputs[output] switch
    {
        KnnLandmarkOutput.PredictedLabel => _gallery.Labels.CreateGetter(_winners),
        KnnLandmarkOutput.Score => (SlotGetter<float>)((int slot, ref float value) => value = _scores[slot]),
        KnnLandmarkOutput.QueryPenalty => (SlotGetter<float>)((int slot, ref float value) => value = _penalties[slot]),
        KnnLandmarkOutput.NeighborScores => NeighborGetter(neighbor => (float)neighbor.Score, float.NaN),
        _ when _gallery.Ids is { } ids => NeighborGetter(neighbor => ids[neighbor.Row].AsMemory(), ReadOnlyMemory<char>.Empty),
        _ => NeighborGetter(neighbor => (long)neighbor.Row, -1L),
    };

    public void Dispose() { }

    private void Expand(ReadOnlyMemory<float> queries, ParallelOptions parallelism)
    {
        _landmarkEngine.Search(queries, _expansionCount, _expansion.AsMemory(0, _queryCount * _expansionCount), parallelism);
        for (int query = 0; query < _queryCount; query++)
        {
            Span<float> values = _queries.AsSpan(query * _features.Dimension, _features.Dimension);
            QueryExpansion.Average(values, _expansion.AsSpan(query * _expansionCount, _expansionCount), _gallery.Landmarks, _sums);
        }
    }

    private (int Winner, float Score, float Penalty) Vote(int place)
    {
        if (place == Missing)
            return (Missing, float.NaN, float.NaN);
        double penalty = Penalty.Mean(_nonLandmarks.AsSpan(place * _penaltyCount, _penaltyCount));
        (int winner, double sum) = _vote.Winner(NeighborsAt(place), _gallery.Labels.LandmarkOfRow, _settings.SimilarityExponent);
        return (winner, _settings.Confidence(sum, penalty), (float)penalty);
    }

    private ReadOnlySpan<Neighbor> NeighborsAt(int place) => place == Missing ? [] : _neighbors.AsSpan(place * _neighborCount, _neighborCount);

    private SlotGetter<VBuffer<T>> NeighborGetter<T>(Func<Neighbor, T> select, T unused) => (int slot, ref VBuffer<T> value) =>
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _options.NumberOfNeighbors);
        ReadOnlySpan<Neighbor> neighbors = NeighborsAt(_places[slot]);
        for (int i = 0; i < neighbors.Length; i++)
            editor.Values[i] = select(neighbors[i]);
        editor.Values[neighbors.Length..].Fill(unused);
        value = editor.Commit();
    };
}
