namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Checks names of columns that need not be given.</summary>
internal static class ColumnName
{
    /// <exception cref="ArgumentException">The name is empty: no column has that.</exception>
    public static string? CheckOptional(string? value, string option)
    {
        if (value is not null)
            ArgumentException.ThrowIfNullOrEmpty(value, option);
        return value;
    }
}
