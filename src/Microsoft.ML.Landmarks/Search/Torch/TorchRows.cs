using System.Runtime.InteropServices;
using Microsoft.ML.Landmarks.Vectors;
using TorchSharp;

namespace Microsoft.ML.Landmarks.Search.Torch;

/// <summary>The rows of a gallery on a device.</summary>
internal sealed class TorchRows : IDisposable
{
    public const int RowsInChunk = 64;

    /// <summary>Uploads the rows.</summary>
    /// <param name="rows">[n, d], n at least 1.</param>
    /// <param name="device">Where to.</param>
    public TorchRows(UnitRows rows, torch.Device device)
    {
        PaddedCount = (rows.Count + RowsInChunk - 1L) / RowsInChunk * RowsInChunk;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor places = torch.arange(RowsInChunk, dtype: torch.ScalarType.Int64, device: device) * (PaddedCount / RowsInChunk);
        torch.Tensor padded = torch.zeros(PaddedCount, rows.Dimension, dtype: torch.ScalarType.Float32, device: device);
        long first = 0;
        foreach (ReadOnlyMemory<float> block in rows.Blocks)
        {
            torch.Tensor part = Share(block, rows.Dimension);
            padded.narrow(0, first, part.shape[0]).copy_(part);
            first += part.shape[0];
        }

        // Only once all is there: what fails before leaves nothing on the device.
        Columns = padded.t().DetachFromDisposeScope();
        Places = places.DetachFromDisposeScope();
    }

    /// <summary>[d, n], with columns of zeros that fill the last chunk.</summary>
    public torch.Tensor Columns { get; }

    /// <summary>[<see cref="RowsInChunk"/>], where the rows of a chunk stand, from its first.</summary>
    public torch.Tensor Places { get; }

    /// <summary>Rows with those that fill the last chunk: as many scores has each query.</summary>
    public long PaddedCount { get; }

    /// <summary>Rows as a tensor that lies in their array: no copy.</summary>
    public static torch.Tensor Share(ReadOnlyMemory<float> values, int dimension)
    {
        if (!MemoryMarshal.TryGetArray(values, out ArraySegment<float> segment))
            segment = values.ToArray();
        return torch.frombuffer(segment.Array!, torch.ScalarType.Float32, segment.Count, segment.Offset).view(-1, dimension);
    }

    public void Dispose()
    {
        Columns.Dispose();
        Places.Dispose();
    }
}
