namespace Microsoft.ML.Landmarks.Search;

/// <summary>
/// For each query the rows that may be among its best k, by scores in single precision, until they are rescored. Where k scores are at
/// least s and no score is further than e from the exact one, k exact scores are at least s - e, and a row that is as good has a score of
/// at least s - 2 e.
/// </summary>
internal sealed class CandidateList
{
    // About 12 bytes each.
    private const int MostPlaces = 4 << 20;

    private readonly int _k, _capacity;
    private readonly double _errorBound;
    private readonly Neighbor[] _best;
    private readonly float[] _scores, _thresholds;
    private readonly int[] _rows, _counts;

    /// <param name="queries">Queries.</param>
    /// <param name="places">Places for queries; those beyond them take nothing.</param>
    /// <param name="k">Rows that are sought for each query.</param>
    /// <param name="errorBound">e.</param>
    public CandidateList(int queries, int places, int k, double errorBound)
    {
        _k = k;
        _capacity = CapacityOf(k);
        _errorBound = errorBound;
        _best = new Neighbor[queries * k];
        _best.AsSpan().Fill(Neighbor.None);
        _scores = new float[queries * _capacity];
        _rows = new int[queries * _capacity];
        _counts = new int[queries];
        _thresholds = new float[places];
        _thresholds.AsSpan(0, queries).Fill(float.NegativeInfinity);
        _thresholds.AsSpan(queries).Fill(float.PositiveInfinity);
    }

    /// <summary>
    /// How many queries a list is made for, at most, so that its memory doesn't grow with k; one where k is so large that they take more.
    /// </summary>
    public static int MostQueries(int k) => Math.Max(1, MostPlaces / CapacityOf(k));

    /// <summary>Leaves out rows that can't be as good as a score, of which so much is known before any row comes.</summary>
    /// <param name="query">The number of the query.</param>
    /// <param name="score">An exact score that rows must reach.</param>
    public void Require(int query, double score) => _thresholds[query] = (float)(score - 2 * _errorBound);

    /// <summary>What a score must reach to be added, of some queries.</summary>
    public ReadOnlySpan<float> Thresholds(int first, int count) => _thresholds.AsSpan(first, count);

    /// <summary>Adds a row whose score reaches the threshold of the query.</summary>
    /// <returns>Whether the places of the query are used up, so that its rows must be rescored before the next is added.</returns>
    public bool Add(int query, int row, float score)
    {
        Span<Neighbor> best = _best.AsSpan(query * _k, _k);
        if (score > TopK.Worst(best))
        {
            TopK.Insert(best, new Neighbor(row, score));
            _thresholds[query] = Math.Max(_thresholds[query], (float)(TopK.Worst(best) - 2 * _errorBound));
        }

        int next = query * _capacity + _counts[query]++;
        _scores[next] = score;
        _rows[next] = row;
        if (_counts[query] < _capacity)
            return false;
        Prune(query);
        return _counts[query] > _capacity / 2;
    }

    /// <summary>Rescores the rows of a query that still reach its threshold, and takes them out of the list.</summary>
    /// <param name="query">The number of the query.</param>
    /// <param name="rescoring">The rows.</param>
    /// <param name="vector">[d], the query.</param>
    /// <param name="best">[k], its best rows so far, as <see cref="TopK"/> has them.</param>
    public void Rescore(int query, Rescoring rescoring, ReadOnlySpan<float> vector, Span<Neighbor> best)
    {
        Prune(query);
        int first = query * _capacity;
        for (int i = first; i < first + _counts[query]; i++)
            rescoring.Offer(best, vector, _rows[i], _scores[i] + _errorBound);
        _counts[query] = 0;
    }

    private static int CapacityOf(int k) => 4 * k + 32;

    private void Prune(int query)
    {
        Span<float> scores = _scores.AsSpan(query * _capacity, _counts[query]);
        Span<int> rows = _rows.AsSpan(query * _capacity, _counts[query]);
        int kept = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] < _thresholds[query])
                continue;
            scores[kept] = scores[i];
            rows[kept++] = rows[i];
        }

        _counts[query] = kept;
    }
}
