using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Calibration;

/// <summary>
/// The rows of a model whose verdict is by folds, as they were read and in their order: each fold learns from them all that the model has
/// learned, whitening too, and so it does once they have changed.
/// </summary>
/// <param name="Rows">The rows.</param>
internal sealed record FoldRows(IReadOnlyList<FoldRow> Rows)
{
    /// <summary>The label of non-landmarks among rows to learn from; no landmark has it.</summary>
    public const string NonLandmarkLabel = "";

    public static FoldRows Of(TrainingRows rows)
    {
        DataViewSchema.Column column = rows.FeatureColumn;
        using DataViewRowCursor cursor = rows.View.GetRowCursor([column]);
        var features = new VectorReader<float>(cursor, column);
        List<FoldRow> read = [];
        while (cursor.MoveNext())
            read.Add(new FoldRow([.. features.Read().DenseValues()], rows.Labels[read.Count], rows.Ids?[read.Count]));
        return new FoldRows(read);
    }

    /// <summary>Those that stay, and then others.</summary>
    public FoldRows After(Predicate<FoldRow> isRemoved, FoldRows added) => new([.. Rows.Where(row => !isRemoved(row)), .. added.Rows]);

    /// <summary>The same as rows to learn from.</summary>
    /// <param name="options">The columns that it names by default, and <see cref="NonLandmarkLabel"/>.</param>
    /// <param name="channel">Told what there are.</param>
    public TrainingRows ToTrainingRows(LandmarkOptions options, IChannel channel)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Rows[0].Features.Length);
        IDataView view = new MLContext().Data.LoadFromEnumerable(
            Rows.Select(row => new Row { Features = row.Features, Label = row.Label ?? NonLandmarkLabel }), definition);
        return TrainingRows.Read(view, options, channel);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
