using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>The rows of a gallery on a device, and the largest scores of queries among them, in single precision.</summary>
internal sealed class TorchGallery : IDisposable
{
    private const int RowsInChunk = 64;

    private readonly torch.Tensor _columns, _bias, _places;
    private readonly bool _ownsRows;
    private readonly torch.Device _device;
    private readonly Multiply _multiply;

    /// <summary>Uploads the rows.</summary>
    /// <param name="rows">[n, d], n at least 1.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="device">Where to.</param>
    /// <param name="multiply">What takes the memory for the scores.</param>
    public TorchGallery(UnitRows rows, double[]? penalties, torch.Device device, Multiply multiply)
    {
        _device = device;
        _multiply = multiply;
        Count = rows.Count;
        PaddedCount = (Count + RowsInChunk - 1L) / RowsInChunk * RowsInChunk;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor bias = UploadBias(penalties),
            places = torch.arange(RowsInChunk, dtype: torch.ScalarType.Int64, device: device) * (PaddedCount / RowsInChunk);
        torch.Tensor padded = torch.zeros(PaddedCount, rows.Dimension, dtype: torch.ScalarType.Float32, device: device);
        long first = 0;
        foreach (ReadOnlyMemory<float> block in rows.Blocks)
        {
            torch.Tensor part = ShareRows(block, rows.Dimension);
            padded.narrow(0, first, part.shape[0]).copy_(part);
            first += part.shape[0];
        }

        // Only once all is there: what fails before leaves nothing on the device.
        _ownsRows = true;
        _columns = padded.t().DetachFromDisposeScope();
        _bias = bias.DetachFromDisposeScope();
        _places = places.DetachFromDisposeScope();
    }

    /// <summary>The rows of another gallery, which must live longer, less other penalties.</summary>
    public TorchGallery(TorchGallery other, double[] penalties)
    {
        _device = other._device;
        _multiply = other._multiply;
        Count = other.Count;
        PaddedCount = other.PaddedCount;
        using DisposeScope scope = torch.NewDisposeScope();
        (_columns, _places) = (other._columns, other._places);
        _bias = UploadBias(penalties).DetachFromDisposeScope();
    }

    /// <summary>scores[m, n] = bias[n] + rows[m, d] · columns[d, n].</summary>
    public delegate torch.Tensor Multiply(torch.Tensor bias, torch.Tensor rows, torch.Tensor columns);

    public int Count { get; }

    /// <summary>Rows with those that fill the last chunk: as many scores has each query.</summary>
    public long PaddedCount { get; }

    /// <summary>The rows with the largest <c>query · row - penalty</c>, in no order.</summary>
    /// <param name="queries">[m, d].</param>
    /// <param name="count">k, at most n.</param>
    /// <returns>[m, k] each.</returns>
    public (float[] Scores, long[] Rows) Largest(ReadOnlyMemory<float> queries, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor scores = _multiply(_bias, ShareRows(queries, (int)_columns.shape[0]).to(_device), _columns);
        (torch.Tensor values, torch.Tensor rows) = PaddedCount < (long)RowsInChunk * count
            ? scores.topk(count, sorted: false) : LargestByChunks(scores, count);
        return (values.cpu().data<float>().ToArray(), rows.cpu().data<long>().ToArray());
    }

    public void Dispose()
    {
        _bias.Dispose();
        if (!_ownsRows)
            return;
        _columns.Dispose();
        _places.Dispose();
    }

    /// <returns>[n], padded, in the scope of the caller.</returns>
    private torch.Tensor UploadBias(double[]? penalties)
    {
        var bias = new float[PaddedCount];
        // Rows that only fill the last chunk are no neighbors.
        bias.AsSpan(Count).Fill(float.NegativeInfinity);
        for (int row = 0; row < penalties?.Length; row++)
            bias[row] = (float)-penalties[row];
        return torch.frombuffer(bias, torch.ScalarType.Float32).to(_device);
    }

    // The k largest scores lie in the k chunks with the largest maxima. The maxima take one pass over the scores, where topk of wide rows
    // takes several. Row j is in chunk j % chunks, so that the maximum is one of whole rows of a matrix.
    private (torch.Tensor Values, torch.Tensor Rows) LargestByChunks(torch.Tensor scores, int count)
    {
        long queries = scores.shape[0], chunks = PaddedCount / RowsInChunk;
        torch.Tensor best = scores.view(queries, RowsInChunk, chunks).amax(1).topk(count, sorted: false).indexes;
        torch.Tensor candidates = (best.unsqueeze(2) + _places).view(queries, (long)count * RowsInChunk);
        (torch.Tensor values, torch.Tensor places) = scores.gather(1, candidates).topk(count, sorted: false);
        return (values, candidates.gather(1, places));
    }

    // No copy: the tensor lies in the array.
    private static torch.Tensor ShareRows(ReadOnlyMemory<float> values, int dimension)
    {
        if (!MemoryMarshal.TryGetArray(values, out ArraySegment<float> segment))
            segment = values.ToArray();
        return torch.frombuffer(segment.Array!, torch.ScalarType.Float32, segment.Count, segment.Offset).view(-1, dimension);
    }
}
