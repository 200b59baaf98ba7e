using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>
/// Asks the index for the queries of a batch, and keeps of each answer what the columns show. A query without a cosine takes no part and
/// has missing outputs.
/// </summary>
internal sealed class KnnLandmarkKernel : IBatchKernel
{
    // As many as many landmarks have: most queries are searched once then, and to look for more rows costs little.
    private const int RowsOfLandmark = 8;

    private readonly KnnLandmarkSettings _settings;
    private readonly LandmarkIndex _index;
    private readonly FeatureReader _features;
    private readonly ShownAnswers _shown;
    private readonly int _capacity, _firstDepth;
    private readonly LandmarkMatches _matches = new();
    private readonly HashSet<int> _seen = [];
    private readonly int[] _slots;
    private float[] _queries = [];
    private double[] _votes = [];
    private RankedLandmark[] _ranked = [], _top = [];
    private int _queryCount;

    public KnnLandmarkKernel(
        KnnLandmarkSettings settings, LandmarkIndex index, FeatureReader features, int capacity, IVerdict? verdict = null)
    {
        _settings = settings;
        _index = index;
        _features = features;
        _shown = new ShownAnswers(settings, index, capacity, verdict);
        _capacity = capacity;
        _slots = new int[capacity];
        _firstDepth = (int)Math.Min(Math.Max(settings.NumberOfNeighbors, (long)RowsOfLandmark * TopCount), index.MostNeighbors);
    }

    // Of an index that others write, landmarks become more.
    private int TopCount => Math.Min(_settings.Columns.NumberOfTopLandmarks, _index.Labels.LandmarkCount);

    public void Read(int slot, long position)
    {
        if (slot == 0)
            _queryCount = 0;
        if (!_features.TryRead())
            return;
        BatchArray.Reserve(ref _queries, _queryCount + 1, _features.Dimension);
        _features.UnitRow.CopyTo(_queries.AsSpan(_queryCount * _features.Dimension));
        _slots[_queryCount++] = slot;
    }

    public void Run(int count, ParallelOptions parallelism)
    {
        using StageDurations.Measurement searching = StageDurations.Search.Measure();
        _shown.Clear(count);
        int nonLandmarkCount = Math.Min(_settings.NumberOfQueryPenaltyNeighbors, _index.MostNonLandmarks);
        int expansionCount = Math.Min(_settings.QueryExpansion, _index.MostNeighbors);
        int most = LandmarkMatches.QueriesAtOnce(Math.Max(expansionCount, Math.Max(_firstDepth, nonLandmarkCount)), _capacity);
        for (int first = 0; first < _queryCount; first += most)
        {
            int asked = Math.Min(most, _queryCount - first);
            Memory<float> queries = _queries.AsMemory(first * _features.Dimension, asked * _features.Dimension);
            Answer(queries, _slots.AsMemory(first, asked), parallelism);
        }
    }

    public Delegate GetGetter(int output) => _shown.CreateGetter(_settings.Columns.Added[output].Part);

    public void Dispose() { }

    // A kernel waits, since ML.NET's cursors do.
    private static void Wait(ValueTask search) => search.AsTask().GetAwaiter().GetResult();

    private void Answer(Memory<float> queries, ReadOnlyMemory<int> slots, ParallelOptions parallelism)
    {
        double weight = _settings.Vote.TrainingPenaltyWeight;
        if (_settings.QueryExpansion > 0)
            Wait(_index.ExpandAsync(queries, _settings.QueryExpansion, weight, parallelism));
        var request = new LandmarkRequest(_firstDepth, _settings.NumberOfQueryPenaltyNeighbors, weight);
        Wait(_index.SearchAsync(queries, request, _matches, parallelism));
        List<int> unfinished = [];
        for (int query = 0; query < slots.Length; query++)
        {
            Span<LandmarkNeighbor> nearest = _matches.NeighborsOf(query);
            VotedAnswer answer = Vote(nearest, _matches.NonLandmarksOf(query));
            _shown.Show(slots.Span[query], answer, _matches);
            if (!ShowTop(slots.Span[query], answer, nearest))
                unfinished.Add(query);
        }

        RankDeeper(queries, slots, unfinished, _firstDepth, parallelism);
    }

    /// <summary>Ranks more landmarks of queries whose nearest rows show too few.</summary>
    private void RankDeeper(ReadOnlyMemory<float> queries, ReadOnlyMemory<int> slots, List<int> unfinished, int depth,
        ParallelOptions parallelism)
    {
        int d = _features.Dimension;
        while (unfinished.Count > 0)
        {
            // The rows of a landmark may be thousands: fewer searches, and each is soon the last.
            depth = (int)Math.Min(4L * depth, _index.MostNeighbors);
            var request = new LandmarkRequest(depth, NonLandmarks: 0, _settings.Vote.TrainingPenaltyWeight);
            List<int> left = [];
            foreach (int[] asked in unfinished.Chunk(LandmarkMatches.QueriesAtOnce(depth, _capacity)))
            {
                var values = new float[asked.Length * d];
                for (int i = 0; i < asked.Length; i++)
                    queries.Span.Slice(asked[i] * d, d).CopyTo(values.AsSpan(i * d));
                Wait(_index.SearchAsync(values, request, _matches, parallelism));
                for (int i = 0; i < asked.Length; i++)
                {
                    Span<LandmarkNeighbor> nearest = _matches.NeighborsOf(i);
                    // Of an index that others write, landmarks may have lost their rows: where all rows are found, there are no more.
                    if (!ShowTop(slots.Span[asked[i]], Vote(nearest, nonLandmarks: []), nearest) && nearest.Length == depth
                        && depth < _index.MostNeighbors)
                        left.Add(asked[i]);
                }
            }

            unfinished = left;
        }
    }

    private VotedAnswer Vote(ReadOnlySpan<LandmarkNeighbor> nearest, ReadOnlySpan<NonLandmarkNeighbor> nonLandmarks)
    {
        ReadOnlySpan<LandmarkNeighbor> neighbors = nearest[..Math.Min(_settings.NumberOfNeighbors, nearest.Length)];
        BatchArray.Reserve(ref _votes, 1, neighbors.Length);
        BatchArray.Reserve(ref _ranked, 1, neighbors.Length);
        return VotedAnswer.Create(neighbors, nonLandmarks, _settings.Vote, _votes, _ranked);
    }

    /// <returns>Whether there are as many landmarks as are asked for.</returns>
    private bool ShowTop(int slot, VotedAnswer answer, ReadOnlySpan<LandmarkNeighbor> nearest)
    {
        int topCount = TopCount;
        BatchArray.Reserve(ref _top, 1, topCount);
        ReadOnlySpan<RankedLandmark> top = TopLandmarks.Rank(answer.Landmarks, nearest, answer.Neighbors.Length,
            _settings.Vote.SimilarityExponent, _seen, _top.AsSpan(0, topCount));
        _shown.ShowTop(slot, top);
        return top.Length == topCount;
    }
}
