using nietras.SeparatedValues;

namespace Landmarks.Demo.Data;

/// <summary>A CSV file that names photographs.</summary>
internal static class PhotographList
{
    private const string IdColumn = "id";

    /// <summary>The column id; other columns are not looked at.</summary>
    /// <exception cref="JobFailedException">There is no such file, or no such column in it.</exception>
    public static IReadOnlyList<string> Read(string file)
    {
        if (!File.Exists(file))
            throw Errors.FileMissing(file);
        try
        {
            using SepReader reader = Sep.New(',').Reader(options => options with { Unescape = true }).FromFile(file);
            if (!reader.Header.TryIndexOf(IdColumn, out int column))
                throw Errors.NoIdColumn(file);
            List<string> ids = [];
            foreach (SepReader.Row row in reader)
                ids.Add(row[column].ToString());
            return ids;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw Errors.NoPhotographList(file, e);
        }
    }
}
