namespace Landmarks.Demo.Reports;

/// <summary>How answers are written.</summary>
internal enum AnswerFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>JSON Lines: an object on each line.</summary>
    Json,

    /// <summary>A row for each answer.</summary>
    Csv,
}
