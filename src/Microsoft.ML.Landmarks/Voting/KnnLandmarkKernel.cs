using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>
/// Asks the index for the queries of a batch, and keeps of each answer what the columns show. A query without a cosine takes no part and
/// has missing outputs.
/// </summary>
internal sealed class KnnLandmarkKernel : IBatchKernel
{
    private const int Missing = -1;

    private readonly KnnLandmarkSettings _settings;
    private readonly LandmarkIndex _index;
    private readonly KnnLandmarkOutput[] _outputs;
    private readonly FeatureReader _features;
    private readonly int _neighborCount, _queriesAtOnce;
    private readonly LandmarkMatches _matches = new();
    private float[] _queries = [];
    private double[] _votes = [];
    private RankedLandmark[] _ranked = [];
    private int _queryCount;

    // What the columns show of each slot, and where the slot of each query is.
    private readonly int[] _slots, _landmarks;
    private readonly float[] _scores, _penalties;
    private long[] _rows = [];
    private float[] _neighborScores = [];

    public KnnLandmarkKernel(KnnLandmarkSettings settings, LandmarkIndex index, FeatureReader features, int capacity)
    {
        _settings = settings;
        _index = index;
        _outputs = [.. settings.Outputs.Select(o => o.Output)];
        _features = features;
        _neighborCount = Math.Min(settings.NumberOfNeighbors, index.Gallery.Landmarks.Count);
        int nonLandmarkCount = Math.Min(settings.NumberOfQueryPenaltyNeighbors, index.Gallery.NonLandmarks.Count);
        int expansionCount = Math.Min(settings.QueryExpansion, index.Gallery.Landmarks.Count);
        _queriesAtOnce = LandmarkMatches.QueriesAtOnce(Math.Max(expansionCount, Math.Max(_neighborCount, nonLandmarkCount)), capacity);
        _slots = new int[capacity];
        _landmarks = new int[capacity];
        _scores = new float[capacity];
        _penalties = new float[capacity];
    }

    public void Read(int slot, long position)
    {
        if (slot == 0)
            _queryCount = 0;
        _landmarks[slot] = Missing;
        _scores[slot] = float.NaN;
        _penalties[slot] = float.NaN;
        if (!_features.TryRead())
            return;
        BatchArray.Reserve(ref _queries, _queryCount + 1, _features.Dimension);
        _features.UnitRow.CopyTo(_queries.AsSpan(_queryCount * _features.Dimension));
        _slots[_queryCount++] = slot;
    }

    public void Run(int count, ParallelOptions parallelism)
    {
        Reserve(count);
        double weight = _settings.Vote.TrainingPenaltyWeight;
        var request = new LandmarkRequest(_settings.NumberOfNeighbors, _settings.NumberOfQueryPenaltyNeighbors, weight);
        for (int first = 0; first < _queryCount; first += _queriesAtOnce)
        {
            int asked = Math.Min(_queriesAtOnce, _queryCount - first);
            Memory<float> queries = _queries.AsMemory(first * _features.Dimension, asked * _features.Dimension);
            if (_settings.QueryExpansion > 0)
                Wait(_index.ExpandAsync(queries, _settings.QueryExpansion, weight, parallelism));
            Wait(_index.SearchAsync(queries, request, _matches, parallelism));
            for (int query = 0; query < asked; query++)
            {
                Show(_slots[first + query],
                    LandmarkAnswer.Create(_matches.NeighborsOf(query), _matches.NonLandmarksOf(query), _settings.Vote, _votes, _ranked));
            }
        }
    }

    public Delegate GetGetter(int output) => _outputs[output] switch
    {
        KnnLandmarkOutput.PredictedLabel => _index.Gallery.Labels.CreateGetter(_landmarks),
        KnnLandmarkOutput.Score => (SlotGetter<float>)((int slot, ref float value) => value = _scores[slot]),
        KnnLandmarkOutput.QueryPenalty => (SlotGetter<float>)((int slot, ref float value) => value = _penalties[slot]),
        KnnLandmarkOutput.NeighborScores => NeighborGetter(place => _neighborScores[place], float.NaN),
        _ when _index.Gallery.Ids is { } ids => NeighborGetter(place => ids[_rows[place]].AsMemory(), ReadOnlyMemory<char>.Empty),
        _ => NeighborGetter(place => _rows[place], -1L),
    };

    public void Dispose() { }

    // A kernel waits, since ML.NET's cursors do.
    private static void Wait(ValueTask search) => search.AsTask().GetAwaiter().GetResult();

    private void Reserve(int count)
    {
        if (_outputs.Contains(KnnLandmarkOutput.Neighbors))
            BatchArray.Reserve(ref _rows, count, _neighborCount);
        if (_outputs.Contains(KnnLandmarkOutput.NeighborScores))
            BatchArray.Reserve(ref _neighborScores, count, _neighborCount);
        if (_queryCount == 0)
            return;
        BatchArray.Reserve(ref _votes, 1, _neighborCount);
        BatchArray.Reserve(ref _ranked, 1, _neighborCount);
    }

    private void Show(int slot, LandmarkAnswer answer)
    {
        _landmarks[slot] = answer.Landmarks[0].Landmark;
        _scores[slot] = answer.Confidence;
        _penalties[slot] = (float)answer.QueryPenalty;
        for (int i = 0, place = slot * _neighborCount; i < answer.Neighbors.Length; i++, place++)
        {
            if (_rows.Length > 0)
                _rows[place] = answer.Neighbors[i].Row;
            if (_neighborScores.Length > 0)
                _neighborScores[place] = (float)answer.Neighbors[i].Score;
        }
    }

    private SlotGetter<VBuffer<T>> NeighborGetter<T>(Func<int, T> select, T unused) => (int slot, ref VBuffer<T> value) =>
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _settings.NumberOfNeighbors);
        int used = _landmarks[slot] == Missing ? 0 : _neighborCount;
        for (int i = 0; i < used; i++)
            editor.Values[i] = select(slot * _neighborCount + i);
        editor.Values[used..].Fill(unused);
        value = editor.Commit();
    };
}
