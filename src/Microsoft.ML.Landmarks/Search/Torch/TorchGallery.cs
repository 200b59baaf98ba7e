using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>The rows of a gallery on a device less their penalties, and the largest scores of queries among them, in single
/// precision.</summary>
internal sealed class TorchGallery : IDisposable
{
    private readonly Shared<TorchRows> _shared;
    private readonly TorchRows _rows;
    private readonly torch.Tensor _bias;
    private readonly torch.Device _device;
    private readonly Multiply _multiply;

    /// <param name="rows">[n, d], n at least 1; taken until this is disposed.</param>
    /// <param name="count">n.</param>
    /// <param name="penalties">[n]; null for none.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="multiply">What takes the memory for the scores.</param>
    public TorchGallery(Shared<TorchRows> rows, int count, double[]? penalties, torch.Device device, Multiply multiply)
    {
        _shared = rows;
        _device = device;
        _multiply = multiply;
        _rows = rows.Take();
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            _bias = UploadBias(count, penalties).DetachFromDisposeScope();
        }
        catch
        {
            rows.Release();
            throw;
        }
    }

    /// <summary>scores[m, n] = bias[n] + rows[m, d] · columns[d, n].</summary>
    public delegate torch.Tensor Multiply(torch.Tensor bias, torch.Tensor rows, torch.Tensor columns);

    /// <summary>The rows with the largest <c>query · row - penalty</c>, in no order.</summary>
    /// <param name="queries">[m, d].</param>
    /// <param name="count">k, at most n.</param>
    /// <returns>[m, k] each.</returns>
    public (float[] Scores, long[] Rows) Largest(ReadOnlyMemory<float> queries, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor columns = _rows.Columns,
            scores = _multiply(_bias, TorchRows.Share(queries, (int)columns.shape[0]).to(_device), columns);
        (torch.Tensor values, torch.Tensor rows) = _rows.PaddedCount < (long)TorchRows.RowsInChunk * count
            ? scores.topk(count, sorted: false) : LargestByChunks(scores, count);
        return (values.cpu().data<float>().ToArray(), rows.cpu().data<long>().ToArray());
    }

    public void Dispose()
    {
        _bias.Dispose();
        _shared.Release();
    }

    /// <returns>[n], padded, in the scope of the caller.</returns>
    private torch.Tensor UploadBias(int count, double[]? penalties)
    {
        var bias = new float[_rows.PaddedCount];
        // Rows that only fill the last chunk are no neighbors.
        bias.AsSpan(count).Fill(float.NegativeInfinity);
        for (int row = 0; row < penalties?.Length; row++)
            bias[row] = (float)-penalties[row];
        return torch.frombuffer(bias, torch.ScalarType.Float32).to(_device);
    }

    // The k largest scores lie in the k chunks with the largest maxima. The maxima take one pass over the scores, where topk of wide rows
    // takes several. Row j is in chunk j % chunks, so that the maximum is one of whole rows of a matrix.
    private (torch.Tensor Values, torch.Tensor Rows) LargestByChunks(torch.Tensor scores, int count)
    {
        const int RowsInChunk = TorchRows.RowsInChunk;
        long queries = scores.shape[0], chunks = _rows.PaddedCount / RowsInChunk;
        torch.Tensor best = scores.view(queries, RowsInChunk, chunks).amax(1).topk(count, sorted: false).indexes;
        torch.Tensor candidates = (best.unsqueeze(2) + _rows.Places).view(queries, (long)count * RowsInChunk);
        (torch.Tensor values, torch.Tensor places) = scores.gather(1, candidates).topk(count, sorted: false);
        return (values, candidates.gather(1, places));
    }
}
