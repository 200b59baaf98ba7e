using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Voting;

internal sealed class LabeledRow
{
    public string Id { get; set; } = "";

    public int Label { get; set; }

    public float[] Features { get; set; } = [];
}

/// <summary>Views of rows with features of any dimension.</summary>
internal static class FeatureView
{
    public static IDataView Create(MLContext mlContext, IEnumerable<LabeledRow> rows, int dimension)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(LabeledRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        return mlContext.Data.LoadFromEnumerable(rows, definition);
    }

    /// <summary>Rows around a few centers: label i % 7, every fourth a non-landmark.</summary>
    public static LabeledRow[] Random(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new LabeledRow
        {
            Id = $"row{i}",
            Label = i % 4 == 3 ? -1 : i % 7,
            Features = [.. Enumerable.Range(0, dimension).Select(j => (i % 4 == 3 ? 0 : MathF.Sin(i % 7 * 3 + j)) + random.NextSingle())],
        })];
    }
}
