using Parquet;
using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>A column of a Parquet file: the values of one group of rows, which are to be written, or were read.</summary>
internal interface ITableColumn
{
    Field Field { get; }

    /// <summary>What its values take in memory.</summary>
    long Bytes { get; }

    Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);

    /// <summary>Takes those of a group in the place of the values that it has.</summary>
    Task ReadAsync(ParquetRowGroupReader group, ParquetSchema schema, CancellationToken cancellation);

    void Clear();
}
