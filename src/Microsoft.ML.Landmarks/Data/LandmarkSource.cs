using Microsoft.ML.Landmarks.Data;

namespace Microsoft.ML;

/// <summary>A CSV file of the Google Landmark Recognition data, and the folder of its photographs.</summary>
public sealed class LandmarkSource
{
    /// <param name="csvFile">
    /// UTF-8, with a header that has <c>id</c> and <c>landmark_id</c>, whole numbers; or <c>landmark_id</c> and <c>images</c>, ids by
    /// blanks; or for queries, whose label is -1, <c>id</c> and <c>landmarks</c>, or <c>id</c> alone or with <c>url</c>. Columns in any
    /// order; others are ignored.
    /// </param>
    /// <param name="imageFolder">The photograph of id <c>abc…</c> is <c>imageFolder/a/b/c/abc….jpg</c>.</param>
    public LandmarkSource(string csvFile, string imageFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(csvFile);
        ArgumentException.ThrowIfNullOrEmpty(imageFolder);
        Table = new CsvTable(csvFile);
        ImageFolder = imageFolder;
    }

    /// <summary>The same file and folder, for other settings. What came through a pipe is shared.</summary>
    /// <param name="source">Its settings are not taken over.</param>
    public LandmarkSource(LandmarkSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Table = source.Table;
        ImageFolder = source.ImageFolder;
    }

    /// <summary>The CSV file.</summary>
    public string CsvFile => Table.File;

    /// <summary>The folder of the photographs.</summary>
    public string ImageFolder { get; }

    /// <summary>Takes the first so many rows of each label, in the order of the file; at least 1, null for all. Rows labelled -1 are never
    /// limited.</summary>
    public int? PhotosPerLandmark
    {
        get;
        init
        {
            if (value is { } count)
                ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(PhotosPerLandmark));
            field = value;
        }
    }

    /// <summary>
    /// Whether only rows labelled -1 are taken; of a file with <c>id</c> and <c>landmarks</c>, as the challenge's solution, those that name
    /// no landmark, and are not marked Ignored in a column <c>Usage</c>. A file of ids alone does not tell, and is refused then.
    /// </summary>
    public bool NonLandmarksOnly { get; init; }

    internal CsvTable Table { get; }
}
