using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>The means of several embeddings of each photograph, scaled to unit length first, as <see cref="ImageEmbeddingEstimator.Options.ImageSizes"/> has them.</summary>
internal sealed class MeanEmbeddings
{
    private readonly List<EmbeddedRow> _sums = [];

    /// <summary>Adds one embedding of each photograph.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="embedded">The same photographs each time, in the same order.</param>
    public void Add(MLContext ml, IDataView embedded)
    {
        int place = 0;
        foreach (EmbeddedRow row in ml.Data.CreateEnumerable<EmbeddedRow>(embedded, reuseRowObject: false))
        {
            float norm = TensorPrimitives.Norm(row.Features);
            TensorPrimitives.Divide(row.Features, norm == 0 ? 1 : norm, row.Features);
            if (place == _sums.Count)
                _sums.Add(row);
            else
                TensorPrimitives.Add(_sums[place].Features, row.Features, _sums[place].Features);
            place++;
        }
    }

    /// <summary>The sums, of the same direction as the means: length is no part of an embedding.</summary>
    public IDataView ToView(MLContext ml)
    {
        var schema = SchemaDefinition.Create(typeof(EmbeddedRow));
        schema[nameof(EmbeddedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _sums[0].Features.Length);
        return ml.Data.LoadFromEnumerable(_sums, schema);
    }
}
