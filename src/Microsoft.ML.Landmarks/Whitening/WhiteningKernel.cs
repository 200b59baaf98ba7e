using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Whitening;

/// <summary>Whitens the rows of a batch. A row without a direction takes no part and has missing outputs.</summary>
internal sealed class WhiteningKernel : IBatchKernel
{
    private const int Missing = -1;

    private readonly WhiteningProjection _projection;
    private readonly FeatureReader _features;
    private float[] _rows = [], _whitened = [];
    // Where the row of each slot stands among those that are whitened; Missing for one that is not.
    private readonly int[] _places;
    private int _rowCount;

    public WhiteningKernel(WhiteningProjection projection, FeatureReader features, int capacity)
    {
        _projection = projection;
        _features = features;
        _places = new int[capacity];
    }

    public void Read(int slot, long position)
    {
        if (slot == 0)
            _rowCount = 0;
        _places[slot] = Missing;
        if (!_features.TryRead())
            return;
        BatchArray.Reserve(ref _rows, _rowCount + 1, _projection.InputDimension);
        _features.UnitRow.CopyTo(_rows.AsSpan(_rowCount * _projection.InputDimension));
        _places[slot] = _rowCount++;
    }

    public void Run(int count, ParallelOptions parallelism)
    {
        BatchArray.Reserve(ref _whitened, _rowCount, _projection.OutputDimension);
        _projection.Apply(_rows.AsMemory(0, _rowCount * _projection.InputDimension),
            _whitened.AsMemory(0, _rowCount * _projection.OutputDimension), parallelism);
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value) =>
    {
        if (_places[slot] == Missing)
            VectorValues.Fill(float.NaN, _projection.OutputDimension, ref value);
        else
            new ReadOnlySpan<float>(_whitened, _places[slot] * _projection.OutputDimension, _projection.OutputDimension).CopyTo(ref value);
    });

    public void Dispose() { }
}
