namespace Microsoft.ML.Landmarks.Vectors.Linear;

/// <summary>
/// The mean and the covariance of rows, gathered in one pass: d x d sums in double precision, and at most d rows that wait to be added to
/// them. Where fewer rows come than that, none was added, and the Gram matrix of the rows, which is smaller then, takes the place of the
/// covariance.
/// </summary>
/// <param name="dimension">Columns, d.</param>
/// <param name="parallelism">Threads and cancellation; the results do not depend on the threads.</param>
internal sealed class RowMoments(int dimension, ParallelOptions parallelism)
{
    private readonly float[]?[] _waiting = new float[dimension][];
    // Taken off each row before anything is multiplied: sums of products of values far from zero leave few digits for the differences
    // between rows.
    private readonly double[] _shift = new double[dimension];
    private readonly double[] _sums = new double[dimension];
    private double[] _products = [];
    private int _waitingCount;

    /// <summary>Rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>A value less its mean, rounded to Single: products of such values are exact in double precision.</summary>
    public static double Center(float value, double mean) => (float)(value - mean);

    /// <summary>Adds a row, [d], of finite values.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public void Add(ReadOnlySpan<float> row)
    {
        row.CopyTo(_waiting[_waitingCount++] ??= new float[dimension]);
        Count++;
        if (_waitingCount == dimension)
            AddProducts();
    }

    /// <summary>The principal axes of the rows, of which there is at least one. Nothing can be added afterwards.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public PrincipalComponents ToPrincipalComponents()
    {
        if (Count < dimension)
        {
            SetShift();
            return PrincipalComponents.OfRows(_waiting.AsSpan(0, _waitingCount), _shift, parallelism);
        }

        if (_waitingCount > 0)
            AddProducts();
        var mean = new double[dimension];
        for (int i = 0; i < dimension; i++)
        {
            mean[i] = _shift[i] + _sums[i] / Count;
            for (int j = i; j < dimension; j++)
                _products[i * dimension + j] = _products[j * dimension + i] =
                    (_products[i * dimension + j] - _sums[i] * (_sums[j] / Count)) / Count;
        }

        return PrincipalComponents.OfCovariance(_products, mean, parallelism.CancellationToken);
    }

    private void SetShift()
    {
        for (int row = 0; row < _waitingCount; row++)
        {
            for (int i = 0; i < dimension; i++)
                _shift[i] += _waiting[row]![i];
        }

        for (int i = 0; i < dimension; i++)
            _shift[i] /= _waitingCount;
    }

    private void AddProducts()
    {
        if (_products.Length == 0)
        {
            SetShift();
            _products = new double[dimension * dimension];
        }

        int length = DoubleProducts.Pad(_waitingCount);
        var columns = new double[dimension * length];
        DoubleProducts.ForEachPanel(dimension, parallelism, (first, count) =>
        {
            for (int row = 0; row < _waitingCount; row++)
            {
                for (int i = first; i < first + count; i++)
                    _sums[i] += columns[i * length + row] = Center(_waiting[row]![i], _shift[i]);
            }
        });
        DoubleProducts.AddUpperTriangle(columns, length, _products, parallelism);
        _waitingCount = 0;
    }
}
