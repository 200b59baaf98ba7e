namespace Microsoft.ML;

/// <summary>A CSV file of the Google Landmark Recognition data, and the folder of its photographs.</summary>
public sealed class LandmarkSource
{
    /// <param name="csvFile">UTF-8, with a header: <c>id,landmark_id</c>, or <c>id,landmarks</c> for queries, whose label is -1. Columns in any order; others are ignored.</param>
    /// <param name="imageFolder">The photograph of id <c>abc…</c> is <c>imageFolder/a/b/c/abc….jpg</c>.</param>
    public LandmarkSource(string csvFile, string imageFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(csvFile);
        ArgumentException.ThrowIfNullOrEmpty(imageFolder);
        CsvFile = csvFile;
        ImageFolder = imageFolder;
    }

    /// <summary>The CSV file.</summary>
    public string CsvFile { get; }

    /// <summary>The folder of the photographs.</summary>
    public string ImageFolder { get; }

    /// <summary>Takes the first so many rows of each label, in the order of the file; at least 1, null for all. Rows labelled -1 are never limited.</summary>
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

    /// <summary>Whether only rows labelled -1 are taken.</summary>
    public bool NonLandmarksOnly { get; init; }
}
