using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Rows as the public API takes them, with labels and ids.</summary>
internal static class LabeledRows
{
    private const int RowsOfLandmark = 20, NonLandmark = -1;

    public static MLContext Context { get; } = new(seed: 1);

    public static KnnLandmarkTransformer Fit(IDataView rows)
        => Context.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id" }).Fit(rows);

    /// <summary>The ids of landmark rows (<c>train</c>) or non-landmarks (<c>other</c>) from one number to another.</summary>
    public static IEnumerable<string> Ids(string kind, int first, int end)
        => Enumerable.Range(first, end - first).Select(i => string.Create(CultureInfo.InvariantCulture, $"{kind} {i}"));

    /// <summary>The landmark rows from one number to another, and then such non-landmarks.</summary>
    public static IDataView View(SearchRows rows, int firstTrain, int endTrain, int firstOther, int endOther)
        => View(Ids("train", firstTrain, endTrain).Select((id, i) => new Row
        {
            Id = id,
            Label = (firstTrain + i) / RowsOfLandmark,
            Features = rows.Train[firstTrain + i].ToArray(),
        }).Concat(Ids("other", firstOther, endOther).Select((id, i) => new Row
        {
            Id = id,
            Label = NonLandmark,
            Features = rows.NonLandmarks[firstOther + i].ToArray(),
        })), rows.Train.Dimension);

    /// <summary>Rows whose labels nobody reads.</summary>
    public static IDataView View(UnitRows queries)
        => View(Enumerable.Range(0, queries.Count).Select(i => new Row { Features = queries[i].ToArray() }), queries.Dimension);

    private static IDataView View(IEnumerable<Row> rows, int dimension)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        return Context.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
