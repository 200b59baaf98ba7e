namespace Landmarks.Demo.Reports;

/// <summary>How results are written.</summary>
internal enum ResultFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>JSON Lines: an object on each line.</summary>
    Json,

    /// <summary>A row for each result.</summary>
    Csv,
}
