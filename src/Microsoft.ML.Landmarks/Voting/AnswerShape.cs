using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>What an estimator says of the columns that its step reads and adds.</summary>
internal static class AnswerShape
{
    /// <exception cref="ArgumentOutOfRangeException">A column that is read is missing or of another type.</exception>
    public static SchemaShape AddTo(SchemaShape input, LandmarkOptions options)
    {
        SchemaShape.Column features = input.GetColumn("feature", options.FeatureColumnName);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw Errors.ColumnType("feature", features.Name, FeatureReader.TypeName(null), features.Describe());
        SchemaShape.Column label = input.GetColumn("label", options.LabelColumnName);
        if (label.Kind != SchemaShape.Column.VectorKind.Scalar || !(label.IsKey || LabelReader.IsAllowed(label.ItemType)))
            throw Errors.ColumnType("label", label.Name, LabelReader.AllowedTypes, label.Describe());
        if (options.IdColumnName is not null)
        {
            SchemaShape.Column id = input.GetColumn("id", options.IdColumnName);
            if (id.Kind != SchemaShape.Column.VectorKind.Scalar || id.ItemType is not TextDataViewType)
                throw Errors.ColumnType("id", id.Name, Errors.TextType, id.Describe());
        }

        return input.With([.. options.Columns.Added.Select(column => ShapeOf(column.Part, column.Name, label, options))]);
    }

    private static SchemaShape.Column ShapeOf(AnswerPart part, string name, SchemaShape.Column label, LandmarkOptions options)
    {
        SchemaShape.Column.VectorKind kind = part is AnswerPart.PredictedLabel or AnswerPart.Score or AnswerPart.QueryPenalty
            or AnswerPart.IsLandmark or AnswerPart.FalseAlarmProbability or AnswerPart.UnknownLandmarkProbability
            ? SchemaShape.Column.VectorKind.Scalar : SchemaShape.Column.VectorKind.Vector;
        switch (part)
        {
            case AnswerPart.PredictedLabel or AnswerPart.NeighborLabels or AnswerPart.TopLabels:
                var keyValues = new SchemaShape(label.Annotations.Where(c => label.IsKey && c.Name == KeyValues.Annotation));
                return MLNetInternals.ShapeColumn(name, kind, label.ItemType, label.IsKey, keyValues);
            case AnswerPart.Neighbors or AnswerPart.NonLandmarkNeighbors:
                return MLNetInternals.ShapeColumn(name, kind,
                    options.IdColumnName is null ? NumberDataViewType.Int64 : TextDataViewType.Instance);
            case AnswerPart.IsLandmark:
                return MLNetInternals.ShapeColumn(name, kind, BooleanDataViewType.Instance);
            case AnswerPart.Scores:
                var slotNames = new SchemaShape([MLNetInternals.ShapeColumn(LandmarkLabels.SlotNames, kind, TextDataViewType.Instance)]);
                return MLNetInternals.ShapeColumn(name, kind, NumberDataViewType.Single, annotations: slotNames);
            default:
                return MLNetInternals.ShapeColumn(name, kind, NumberDataViewType.Single);
        }
    }
}
