namespace Microsoft.ML.Landmarks.Search.Filter;

/// <summary>For each query the rows with the largest sums so far.</summary>
internal sealed class SeedList
{
    private readonly int _length;
    private readonly int[] _sums, _rows, _thresholds, _counts;

    /// <param name="queries">Queries.</param>
    /// <param name="places">Places for queries; those beyond them take nothing.</param>
    /// <param name="length">Rows that are kept for each query.</param>
    public SeedList(int queries, int places, int length)
    {
        _length = length;
        _sums = new int[queries * length];
        _rows = new int[queries * length];
        _counts = new int[queries];
        _thresholds = new int[places];
        _thresholds.AsSpan(0, queries).Fill(int.MinValue + 1);
        _thresholds.AsSpan(queries).Fill(int.MaxValue);
    }

    /// <summary>The rows of a query, best first.</summary>
    public ReadOnlySpan<int> RowsOf(int query) => _rows.AsSpan(query * _length, _counts[query]);

    /// <summary>What a sum must reach to be kept, of some queries.</summary>
    public ReadOnlySpan<int> Thresholds(int first, int count) => _thresholds.AsSpan(first, count);

    public void Insert(int query, int sum, int row)
    {
        if (sum < _thresholds[query])
            return;
        Span<int> sums = _sums.AsSpan(query * _length, _length), rows = _rows.AsSpan(query * _length, _length);
        int place = _counts[query] < _length ? _counts[query]++ : _length - 1;
        for (; place > 0 && sums[place - 1] < sum; place--)
        {
            sums[place] = sums[place - 1];
            rows[place] = rows[place - 1];
        }

        sums[place] = sum;
        rows[place] = row;
        if (_counts[query] == _length)
            _thresholds[query] = sums[^1] + 1;
    }
}
