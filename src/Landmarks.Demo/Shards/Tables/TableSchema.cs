using Parquet.Schema;

namespace Landmarks.Demo.Shards.Tables;

/// <summary>Finds columns in a file.</summary>
internal static class TableSchema
{
    /// <returns>Null where there is none, or it is of another type.</returns>
    public static DataField? Find(this ParquetSchema schema, DataField field)
        => Array.Find(schema.GetDataFields(), other => other.Path.Equals(field.Path)) is { } found && found.ClrType == field.ClrType
            && found.MaxDefinitionLevel == field.MaxDefinitionLevel && found.MaxRepetitionLevel == field.MaxRepetitionLevel
            ? found : null;
}
