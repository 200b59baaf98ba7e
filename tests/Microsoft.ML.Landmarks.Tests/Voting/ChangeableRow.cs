using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>A row whose label stands there in each type that a label may have.</summary>
internal sealed class ChangeableRow
{
    public string Id { get; set; } = "";

    /// <summary>-1 for a non-landmark.</summary>
    public int Number { get; set; }

    public long LongNumber => Number;

    public string Text => $"{Number}";

    /// <summary>A key without key values, counted from 0 as ML.NET reads it of objects; beyond all keys, and so missing, for a
    /// non-landmark.</summary>
    public uint Key => unchecked((uint)Number);

    public float[] Features { get; set; } = [];

    /// <summary>A view of rows, with the label as a key that has key values too.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="dimension">Their features.</param>
    /// <param name="keyCount">The number of keys without values.</param>
    /// <param name="keyValues">What the others stand for, in order; null: the labels of the rows, as they come.</param>
    public static IDataView View(MLContext mlContext, IReadOnlyCollection<ChangeableRow> rows, int dimension, int keyCount = 40,
        IReadOnlyList<string>? keyValues = null)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(ChangeableRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        definition["Key"].ColumnType = new KeyDataViewType(typeof(uint), keyCount);
        IDataView view = mlContext.Data.LoadFromEnumerable(rows, definition);
        IDataView keys = mlContext.Data.LoadFromEnumerable(
            (keyValues ?? [.. rows.Select(row => row.Text).Distinct()]).Select(text => new KeyRow { Text = text }));
        return mlContext.Transforms.Conversion.MapValueToKey("TextKey", "Text", keyData: keys).Fit(view).Transform(view);
    }

    private sealed class KeyRow
    {
        public string Text { get; set; } = "";
    }
}
