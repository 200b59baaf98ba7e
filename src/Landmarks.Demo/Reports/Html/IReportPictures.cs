namespace Landmarks.Demo.Reports.Html;

/// <summary>Where a report's pictures are.</summary>
internal interface IReportPictures
{
    /// <summary>The address of a photograph's thumbnail; null where it could not be made.</summary>
    string? OfPhotograph(ReportedAnswer photograph);

    /// <summary>The address of a reference photograph's thumbnail; null where the photograph is not at hand.</summary>
    string? OfReference(string id);
}
