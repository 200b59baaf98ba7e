using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>
/// Labels that a step of the model makes keys of. A fitted MapValueToKey knows no value that came since: it gives the missing key, which
/// stands for a photograph of no landmark.
/// </summary>
internal static class KeyedLabels
{
    /// <summary>Refuses rows whose landmark would be lost.</summary>
    /// <param name="steps">The steps that make features of the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="features">What the steps make of them.</param>
    /// <param name="columns">The columns that are fitted.</param>
    /// <exception cref="ArgumentException">A label has no key.</exception>
    public static void Check(IReadOnlyList<ITransformer> steps, IDataView rows, IDataView features, FittedColumns columns)
    {
        if (features.Schema.GetColumnOrNull(columns.Label) is not { Type: KeyDataViewType } key
            || FindSource(steps, rows.Schema, key) is not { } source)
            return;
        using DataViewRowCursor cursor = features.GetRowCursor([key, source]);
        var isLandmark = new LabelReader(cursor, source, columns.NonLandmarkLabel);
        Func<string> readLabel = ColumnText.CreateLabelReader(cursor, "label", source),
            readKey = ColumnText.CreateLabelReader(cursor, "label", key);
        HashSet<string> lost = [];
        while (cursor.MoveNext())
        {
            if (isLandmark.ReadIsLandmark() && readKey().Length == 0)
                lost.Add(readLabel());
        }

        if (lost.Count > 0)
            throw Errors.LabelsWithoutKey(key.Name, lost.First(), lost.Count);
    }

    // The column of values that keys are made of, in what the steps make: there all columns of the input stand before others.
    private static DataViewSchema.Column? FindSource(IReadOnlyList<ITransformer> steps, DataViewSchema schema, DataViewSchema.Column key)
    {
        ITransformer chain = new TransformerChain<ITransformer>([.. steps]);
        if (steps.Count == 0 || !chain.IsRowToRowMapper)
            return null;
        IRowToRowMapper mapper = chain.GetRowToRowMapper(schema);
        return mapper.GetDependencies([mapper.OutputSchema[key.Index]]).ToArray() is [var source] && source.Type is not KeyDataViewType
            && LabelReader.IsAllowed(source.Type) ? mapper.OutputSchema[source.Index] : null;
    }
}
