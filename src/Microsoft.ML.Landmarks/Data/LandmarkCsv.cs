using System.Globalization;
using Microsoft.ML.Landmarks.Labels;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>Reads the photographs that a CSV file lists.</summary>
internal static class LandmarkCsv
{
    private const string IdColumn = "id", LabelColumn = "landmark_id", PhotographsColumn = "images";
    private const string QueryColumn = "landmarks", UrlColumn = "url";
    private const int ShortestId = 3;

    /// <summary>Checks that the file is there and has the columns that are needed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no CSV file, or a column is missing.</exception>
    public static void CheckHeader(LandmarkSource source)
    {
        using CsvReader reader = source.Table.Open();
        FindColumns(reader, source);
    }

    /// <exception cref="InvalidDataException">A row can't be read; the message names file and line.</exception>
    public static IEnumerable<LandmarkRow> Read(LandmarkSource source)
    {
        using CsvReader reader = source.Table.Open();
        (int ids, bool isList, int? labels) = FindColumns(reader, source);
        // What the challenge's solution says of a query: whoever asks for non-landmarks alone wants those that show none.
        int shown = labels is null && source.NonLandmarksOnly ? reader.IndexOf(QueryColumn) : -1;
        int usage = shown >= 0 ? reader.IndexOfUsage() : -1;
        var taken = new Dictionary<long, int>();
        // A query has one answer; a photograph may show several landmarks.
        HashSet<string>? queries = labels is null ? [] : null;
        while (reader.MoveNext())
        {
            int label = labels is { } column ? ReadLabel(reader, column) : LandmarkLabel.NonLandmarkNumber;
            foreach (string id in isList ? ReadList(reader, ids) : [reader[ids]])
            {
                CheckId(source.CsvFile, reader.Line, id);
                if (queries?.Add(id) == false)
                    throw Errors.CsvTwice(source.CsvFile, reader.Line, id);
                string path = Path.Join(source.ImageFolder, id[..1], id[1..2], id[2..3], id + ".jpg");
                if (IsTaken(label))
                    yield return new LandmarkRow(id, new LandmarkLabel(label, null), path);
            }
        }

        bool IsTaken(int label)
        {
            if (label == LandmarkLabel.NonLandmarkNumber)
                return shown < 0
                    || (string.IsNullOrWhiteSpace(reader[shown]) && (usage < 0 || reader.ReadUsage(usage) != QueryTruth.Ignored));
            int before = taken.GetValueOrDefault(label);
            if (source.NonLandmarksOnly || before >= (source.PhotosPerLandmark ?? int.MaxValue))
                return false;
            if (source.PhotosPerLandmark is not null)
                taken[label] = before + 1;
            return true;
        }
    }

    // Ids without labels are queries, but only where no other column could be a label of another name. They do not tell which show a
    // landmark.
    private static (int Ids, bool IsList, int? Labels) FindColumns(CsvReader reader, LandmarkSource source)
    {
        int id = reader.IndexOf(IdColumn), label = reader.IndexOf(LabelColumn), photographs = reader.IndexOf(PhotographsColumn);
        if (id < 0 && label >= 0 && photographs >= 0)
            return (photographs, true, label);
        bool isIdsAlone = !source.NonLandmarksOnly && reader.Columns.All(name => name is IdColumn or UrlColumn);
        bool isQuery = label < 0 && (isIdsAlone || reader.IndexOf(QueryColumn) >= 0);
        return id >= 0 && (label >= 0 || isQuery)
            ? (id, false, isQuery ? null : label)
            : throw Errors.LandmarkCsvHeader(reader.File, reader.Columns);
    }

    private static int ReadLabel(CsvReader reader, int column)
    {
        string text = reader[column];
        return TryParse(text, out int label) || (LandmarkName.TryRead(text, out string name) && TryParse(name, out label))
            ? label
            : throw Errors.CsvLabel(reader.File, reader.Line, text);

        static bool TryParse(string text, out int label)
            => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out label);
    }

    private static string[] ReadList(CsvReader reader, int column)
        => reader[column].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } ids
            ? ids
            : throw Errors.CsvNoPhotographs(reader.File, reader.Line);

    private static void CheckId(string file, int line, string id)
    {
        if (id.Length < ShortestId || id.AsSpan().ContainsAny('/', '\\') || id.Contains("..", StringComparison.Ordinal) || id != id.Trim())
            throw Errors.CsvId(file, line, id);
        if (LandmarkName.HasControl(id))
            throw Errors.CsvText(file, line, IdColumn, id);
    }
}
