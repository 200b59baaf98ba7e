using System.Globalization;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>The forms of what a model consists of.</summary>
/// <param name="lines">It in words.</param>
internal sealed class ModelInfoForms(IEnumerable<string> lines) : IResultForms<LandmarkModelInfo>
{
    public IResultWriter<LandmarkModelInfo> CreateText(Action<string> writeLine) => new Text(lines, writeLine);

    public IResultWriter<LandmarkModelInfo> CreateJson(Stream stream)
        => new JsonResultWriter<LandmarkModelInfo>(stream, ResultJson.Lines.LandmarkModelInfo);

    /// <summary>A row for each landmark.</summary>
    /// <inheritdoc cref="IResultForms{T}.CreateCsv"/>
    public IResultWriter<LandmarkModelInfo> CreateCsv(Stream stream) => new Landmarks(new CsvResultWriter<LandmarkInfo>(stream,
    [
        ("landmark_id", landmark => landmark.Label),
        ("name", landmark => landmark.Name),
        ("photographs", landmark => landmark.RowCount.ToString(CultureInfo.InvariantCulture)),
    ]));

    private sealed class Text(IEnumerable<string> lines, Action<string> writeLine) : IResultWriter<LandmarkModelInfo>
    {
        public void Write(LandmarkModelInfo result)
        {
            foreach (string line in lines)
                writeLine(line);
        }
    }

    private sealed class Landmarks(CsvResultWriter<LandmarkInfo> rows) : IResultWriter<LandmarkModelInfo>, IDisposable
    {
        public void Write(LandmarkModelInfo result)
        {
            foreach (LandmarkInfo landmark in result.Landmarks)
                rows.Write(landmark);
        }

        public void Dispose() => rows.Dispose();
    }
}
