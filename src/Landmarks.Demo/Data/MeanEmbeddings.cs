using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>The means of several embeddings of each photograph, scaled to unit length first, as
/// <see cref="ImageEmbeddingEstimator.Options.ImageSizes"/> has them.</summary>
/// <param name="count">How many there are of each.</param>
internal sealed class MeanEmbeddings(int count)
{
    private readonly List<EmbeddedRow> _means = [];

    /// <summary>Adds one embedding of each photograph.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="embedded">The same photographs each time, in the same order.</param>
    public void Add(MLContext ml, IDataView embedded)
    {
        int place = 0;
        IDataView rows = TextColumn.Convert(ml, embedded, nameof(EmbeddedRow.Label));
        foreach (EmbeddedRow row in ml.Data.CreateEnumerable<EmbeddedRow>(rows, reuseRowObject: false))
        {
            Scale(row.Features);
            if (place == _means.Count)
                _means.Add(row);
            else
                TensorPrimitives.Add(_means[place].Features, row.Features, _means[place].Features);
            place++;
        }
    }

    public IDataView ToView(MLContext ml)
    {
        var schema = SchemaDefinition.Create(typeof(EmbeddedRow));
        schema[nameof(EmbeddedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _means[0].Features.Length);
        return ml.Data.LoadFromEnumerable(_means, schema);
    }

    // In double precision and rounded where the library rounds, so that a model that is fitted at these sizes has the same embeddings.
    private void Scale(float[] embedding)
    {
        double length = Math.Sqrt(embedding.Sum(value => (double)value * value));
        for (int i = 0; i < embedding.Length; i++)
            embedding[i] = double.IsFinite(length) ? (float)(embedding[i] / (length == 0 ? 1 : length)) / count : float.NaN;
    }
}
