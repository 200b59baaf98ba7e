using System.Globalization;
using System.Text;
using Microsoft.ML;
using nietras.SeparatedValues;

namespace Landmarks.Demo.Reports;

/// <summary>Writes answers as a CSV file in UTF-8, with nothing for what there is none of. Scores are as the model gives them.</summary>
internal sealed class CsvAnswerWriter : IAnswerWriter, IDisposable
{
    // A row is handed on as one.
    private const int LongestRow = 1 << 16;

    private readonly StreamWriter _text;
    private readonly SepWriter _writer;
    private readonly int _top;

    /// <param name="stream">Left open.</param>
    /// <param name="top">How many of the best landmarks have columns of their own.</param>
    public CsvAnswerWriter(Stream stream, int top)
    {
        _top = top;
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), LongestRow, leaveOpen: true)
        {
            NewLine = "\n",
        };
        _writer = Sep.New(',').Writer(options => options with { Escape = true }).To(_text);
        _writer.Header.Add([.. Fields(new LandmarkAnswer()).Select(field => field.Name)]);
    }

    public void Write(LandmarkAnswer answer)
    {
        using (SepWriter.Row row = _writer.NewRow())
        {
            foreach ((string name, string? value) in Fields(answer))
                row[name].Set(value);
        }

        _writer.Flush();
        _text.Flush();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _text.Dispose();
    }

    private IEnumerable<(string Name, string? Value)> Fields(LandmarkAnswer answer)
    {
        yield return ("id", answer.Id);
        yield return ("landmark", answer.Landmark);
        yield return ("name", answer.Name);
        yield return ("score", Number(answer.Score));
        yield return ("isLandmark", answer.IsLandmark is { } isLandmark ? isLandmark ? "true" : "false" : null);
        yield return ("falseAlarmProbability", Number(answer.FalseAlarmProbability));
        yield return ("unknownLandmarkProbability", Number(answer.UnknownLandmarkProbability));
        yield return ("queryPenalty", Number(answer.QueryPenalty));
        yield return ("error", answer.Error);
        for (int i = 0; i < _top; i++)
        {
            LandmarkCandidate? candidate = i < answer.Top.Count ? answer.Top[i] : null;
            yield return ($"top{i + 1}Landmark", candidate?.Landmark);
            yield return ($"top{i + 1}Name", candidate?.Name);
            yield return ($"top{i + 1}Score", Number(candidate?.Score));
        }
    }

    // All digits that tell it from its neighbors.
    private static string? Number(float? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
