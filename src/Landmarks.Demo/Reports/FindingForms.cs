using System.Globalization;

namespace Landmarks.Demo.Reports;

/// <summary>The forms of findings.</summary>
internal sealed class FindingForms : IResultForms<Finding>
{
    public IResultWriter<Finding> CreateText(Action<string> writeLine) => new TextFindingWriter(writeLine);

    public IResultWriter<Finding> CreateJson(Stream stream) => new JsonResultWriter<Finding>(stream, ResultJson.Lines.Finding);

    public IResultWriter<Finding> CreateCsv(Stream stream) => new CsvResultWriter<Finding>(stream,
    [
        ("kind", finding => FindingKinds.NameOf(finding.Kind)),
        ("id", finding => finding.Id),
        ("path", finding => finding.Path),
        ("landmark", finding => finding.Landmark),
        ("name", finding => finding.Name),
        ("otherId", finding => finding.OtherId),
        ("otherPath", finding => finding.OtherPath),
        ("otherLandmark", finding => finding.OtherLandmark),
        ("otherName", finding => finding.OtherName),
        ("score", finding => finding.Score.ToString("R", CultureInfo.InvariantCulture)),
        ("advice", finding => finding.Advice),
    ]);
}
