using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>
/// Exact search by torch on a GPU. Products in single precision choose a few more candidates than are asked for; <see cref="ExactDot"/>
/// scores them. A query whose last candidate is so near that a row beyond it might belong to the neighbors is searched again on the CPU.
/// </summary>
internal sealed class TorchNeighborEngine : INeighborEngine
{
    private const int MoreCandidates = 11;

    // Tiles that fill a GPU; on the CPU larger ones than these are no faster.
    private const long ScoreBytesOnGpu = 4L << 30, ScoreBytesOnCpu = 256L << 20;

    // Where this many queries at once do not fit, fewer would only take forever.
    private const int LeastRowsInTile = 256;

    private readonly UnitRows _rows;
    private readonly double[]? _penalties;
    private readonly Rescoring _rescoring;
    private readonly INeighborEngine _cpuEngine;
    private readonly torch.Device _device;
    private readonly long _scoreBytes;
    private readonly TorchGallery.Multiply _multiply;
    // Those of all engines of these rows, whose penalties differ.
    private readonly Shared<TorchRows> _uploaded;
    private readonly double _largestScore;
    // Torch works on one search at a time: several at once would share the memory that the tiles are made for.
    private readonly Lock _inUse = new();
    private TorchGallery? _gallery;
    private int _rowsInTile;

    /// <param name="gallery">The rows to find.</param>
    /// <param name="penalties">[n], what is taken off the similarity of each row; null for nothing.</param>
    /// <param name="cpuEngine">Searches the same rows where single precision does not decide.</param>
    /// <param name="device">Where to search.</param>
    /// <param name="scoreBytes">The most memory for the scores of a tile of queries; null for what suits the device.</param>
    /// <param name="multiply">What takes that memory; null for torch's own.</param>
    public TorchNeighborEngine(UnitRows gallery, double[]? penalties, INeighborEngine cpuEngine, torch.Device device,
        long? scoreBytes = null, TorchGallery.Multiply? multiply = null)
        : this(gallery, penalties, cpuEngine, device, scoreBytes, multiply,
            new Shared<TorchRows>(() => new TorchRows(gallery, device)))
    {
    }

    private TorchNeighborEngine(UnitRows gallery, double[]? penalties, INeighborEngine cpuEngine, torch.Device device,
        long? scoreBytes, TorchGallery.Multiply? multiply, Shared<TorchRows> uploaded)
    {
        _uploaded = uploaded;
        _rows = gallery;
        _penalties = penalties;
        _rescoring = new Rescoring(gallery, penalties);
        _cpuEngine = cpuEngine;
        _device = device;
        _scoreBytes = scoreBytes ?? (device.type == DeviceType.CPU ? ScoreBytesOnCpu : ScoreBytesOnGpu);
        // Added in the product itself, the penalty takes no pass over the scores.
        _multiply = multiply ?? (static (bias, rows, columns) => bias.addmm(rows, columns));
        _largestScore = 1;
        foreach (double penalty in penalties ?? [])
            _largestScore = Math.Max(_largestScore, 1 + Math.Abs(penalty));
        // Kernels count the values of a tensor in 32 bits.
        long scores = Math.Min(_scoreBytes / sizeof(float), int.MaxValue);
        _rowsInTile = (int)Math.Max(1, scores / Math.Max(1, gallery.Count + 63L));
    }

    public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
    {
        int d = _rows.Dimension, k = numberOfNeighbors, queryCount = queries.Length / d;
        if (k >= _rows.Count)
        {
            AllRows.Rank(_rows, _rescoring, queries, k, best, parallelism);
            return;
        }

        List<int> undecided = [];
        lock (_inUse)
        {
            for (int first = 0, count; first < queryCount; first += count)
            {
                parallelism.CancellationToken.ThrowIfCancellationRequested();
                count = SearchTile(queries[(first * d)..], k, best[(first * k)..], first, undecided, parallelism);
            }
        }

        SearchOnCpu(queries, k, best, undecided, parallelism);
    }

    public INeighborEngine WithPenalties(double[] penalties) => new TorchNeighborEngine(
        _rows, penalties, _cpuEngine.WithPenalties(penalties), _device, _scoreBytes, _multiply, _uploaded);

    public void Dispose()
    {
        lock (_inUse)
        {
            _gallery?.Dispose();
            _gallery = null;
        }
    }

    /// <summary>Searches the first queries, as many as a tile holds.</summary>
    /// <returns>How many.</returns>
    private int SearchTile(ReadOnlyMemory<float> queries, int k, Memory<Neighbor> best, int firstQuery, List<int> undecided,
        ParallelOptions parallelism)
    {
        int d = _rows.Dimension, candidateCount = (int)Math.Min((long)k + MoreCandidates, _rows.Count);
        (float[] scores, long[] rows) = Largest(queries, candidateCount);
        int count = scores.Length / candidateCount;
        var isDecided = new bool[count];
        double error = ErrorBound();
        ParallelLoop.For(count, parallelism, query =>
        {
            int start = query * candidateCount;
            ReadOnlySpan<float> vector = queries.Slice(query * d, d).Span;
            Span<Neighbor> nearest = best.Span.Slice(query * k, k);
            nearest.Fill(Neighbor.None);
            for (int i = start; i < start + candidateCount; i++)
                _rescoring.Offer(nearest, vector, (int)rows[i], scores[i] + error);
            // No score of a row that is no candidate is above the least one of the candidates, as torch has them.
            double others = TensorPrimitives.Min(scores.AsSpan(start, candidateCount)) + error;
            isDecided[query] = candidateCount == _rows.Count || Rescoring.IsRuledOut(nearest, others);
            TopK.Sort(nearest);
        });
        for (int query = 0; query < count; query++)
        {
            if (!isDecided[query])
                undecided.Add(firstQuery + query);
        }

        return count;
    }

    /// <summary>Candidates of the first queries, as many as fit into the memory.</summary>
    private (float[] Scores, long[] Rows) Largest(ReadOnlyMemory<float> queries, int candidateCount)
    {
        while (true)
        {
            int count = Math.Min(_rowsInTile, queries.Length / _rows.Dimension);
            try
            {
                _gallery ??= new TorchGallery(_uploaded, _rows.Count, _penalties, _device, _multiply);
                return _gallery.Largest(queries[..(count * _rows.Dimension)], candidateCount);
            }
            catch (ExternalException e) when (e.Message.Contains("out of memory", StringComparison.Ordinal))
            {
                if (count <= LeastRowsInTile)
                    throw Errors.GpuMemory(count, _rows.Count, e);
                _rowsInTile = Math.Max(LeastRowsInTile, count / 2);
            }
        }
    }

    /// <summary>By how much a score of torch may differ from the exact one.</summary>
    private double ErrorBound()
    {
        // d products and the penalty: |error| <= n u / (1 - n u) (|q| |t| + |penalty|) with n = d + 2 and u = 2^-24, in any order of
        // summation (Higham, Accuracy and Stability of Numerical Algorithms, 3.1). Doubling covers the denominator, and lengths that are 1
        // within rounding.
        double bound = 2 * (_rows.Dimension + 2) * Math.ScaleB(1, -24) * _largestScore;
        // Factors cut to 11 bits are off by up to 2^-10 each.
        return torch.backends.cuda.matmul.allow_tf32 ? 2 * bound + 3 * Math.ScaleB(1, -10) : bound;
    }

    private void SearchOnCpu(ReadOnlyMemory<float> queries, int k, Memory<Neighbor> best, List<int> undecided, ParallelOptions parallelism)
    {
        int d = _rows.Dimension;
        var own = new float[undecided.Count * d];
        var ownBest = new Neighbor[undecided.Count * k];
        for (int i = 0; i < undecided.Count; i++)
            queries.Span.Slice(undecided[i] * d, d).CopyTo(own.AsSpan(i * d));
        _cpuEngine.Search(own, k, ownBest, parallelism);
        for (int i = 0; i < undecided.Count; i++)
            ownBest.AsSpan(i * k, k).CopyTo(best.Span[(undecided[i] * k)..]);
    }
}
