using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>What a query shows, in ML.NET's columns.</summary>
internal sealed class Truth
{
    /// <summary>The label of a row that shows no landmark.</summary>
    public const string NonLandmark = "-1";

    private static readonly string[] s_idColumn = ["id"], s_labelColumn = ["landmark_id", "landmarks"];

    public required string Id { get; init; }

    /// <summary>Landmarks, by blanks; -1 or nothing where the query shows none.</summary>
    public required string Label { get; init; }

    /// <summary>The landmarks one by one; none where the query shows none.</summary>
    [NoColumn]
    public string[] Landmarks => [.. Label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(landmark => landmark != NonLandmark)];

    /// <summary>Reads <c>id,landmark_id</c> or <c>id,landmarks</c>.</summary>
    /// <exception cref="JobFailedException">The file can't be read; the message names file and line.</exception>
    public static IReadOnlyList<Truth> Read(string file)
    {
        var ids = new HashSet<string>();
        List<Truth> truths = [];
        foreach ((int line, string[] fields) in CsvFile.Read(file, s_idColumn, s_labelColumn))
        {
            if (!ids.Add(fields[0]))
                throw Errors.Twice(file, line, fields[0]);
            truths.Add(new Truth { Id = fields[0], Label = fields[1] });
        }

        return truths;
    }
}
