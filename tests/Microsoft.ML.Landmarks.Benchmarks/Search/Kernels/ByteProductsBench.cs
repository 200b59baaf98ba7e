using BenchmarkDotNet.Attributes;
using Microsoft.ML.Landmarks.Search.Kernels;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Benchmarks.Search.Kernels;

/// <summary>A group of queries against a leaf of rows: 768 pairs an operation. The baseline is the same pairs in single
/// precision.</summary>
public class ByteProductsBench
{
    private readonly int[] _thresholds = [.. Enumerable.Repeat(int.MaxValue, ByteProducts.Queries)];
    private readonly ulong[] _hits = new ulong[ByteProducts.Queries];
    private readonly AlignedArray<int> _sums = new(ByteProducts.Queries * ByteProducts.Rows), _constants = new(ByteProducts.Rows);
    private AlignedArray<uint> _codes = new(0), _laneStarts = new(0);
    private AlignedArray<int> _starts = new(0);
    private AlignedArray<byte> _rows = new(0);
    private AlignedArray<float> _group = new(0), _panel = new(0), _products = new(0);

    [Params(64, 128, 512)]
    public int Dimension { get; set; }

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    public static IEnumerable<string> Kernels => ByteKernels.Supported.Skip(1).Select(kernel => kernel.ToString());

    private ByteKernel ParsedKernel { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        ParsedKernel = Enum.Parse<ByteKernel>(Kernel);
        _codes = new AlignedArray<uint>(ByteProducts.Queries * Dimension / ByteProducts.CoordinatesInStep);
        _laneStarts = new AlignedArray<uint>(ByteProducts.Queries * Dimension / ByteProducts.CoordinatesInChunk);
        _starts = new AlignedArray<int>(_laneStarts.Length);
        _rows = new AlignedArray<byte>(ByteProducts.Rows * Dimension);
        ByteProducts.PackQueries([.. Enumerable.Range(0, ByteProducts.Queries * Dimension).Select(_ => (sbyte)random.Next(-22, 23))],
            Dimension, _codes.Span, _laneStarts.Span, _starts.Span);
        ByteProducts.PackRows([.. Enumerable.Range(0, ByteProducts.Rows * Dimension).Select(_ => (sbyte)random.Next(-44, 45))], _rows.Span);
        _group = new AlignedArray<float>(Products.Queries * Dimension);
        _panel = new AlignedArray<float>(Products.Rows * Dimension);
        _products = new AlignedArray<float>(Products.Queries * Products.Rows);
    }

    [Benchmark]
    public ulong Bytes()
    {
        ByteProducts.Compute(ParsedKernel, new QueryGroup(_codes.Span, _laneStarts.Span, _starts.Span),
            new RowLeaf(_rows.Span, _constants.Span), Dimension, _thresholds, _sums.Span, _hits);
        return _hits[0];
    }

    [Benchmark(Baseline = true)]
    public float Singles()
    {
        for (int row = 0; row < ByteProducts.Rows; row += Products.Rows)
            Products.Compute(_group.Span, _panel.Span, _products.Span);
        return _products.Span[0];
    }
}
