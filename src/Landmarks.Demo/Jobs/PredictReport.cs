using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports.Html;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>The report on what <c>predict</c> answered: told each answer, and written after the last.</summary>
internal sealed class PredictReport : IDisposable
{
    private readonly Session _session;
    private readonly PredictSettings _settings;
    private readonly ReportSettings _report;
    private readonly ReportOutput _output;
    private readonly Func<string, IReadOnlyList<string>?> _truthOf;
    private readonly List<ReportedAnswer> _answers = [];
    private KnownLandmarks? _known;

    private PredictReport(Session session, PredictSettings settings, ReportSettings report, IEnumerable<string> inputs)
    {
        (_session, _settings, _report) = (session, settings, report);
        foreach (string folder in report.ReferenceFolders)
            ImageFolder.Require(folder);
        _truthOf = ReadTruth();
        _output = new ReportOutput(session, report, [.. settings.Inputs, .. inputs]);
    }

    /// <summary>Begins the report, where one is asked for; before a long job, so that what would keep it from being written is told at
    /// once.</summary>
    public static PredictReport? Begin(Session session, PredictSettings settings, IEnumerable<string> inputs)
        => settings.Report is { } report ? new PredictReport(session, settings, report, inputs) : null;

    /// <param name="recognizer">What answered.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="path">The photograph's file.</param>
    public void Add(LandmarkRecognizer recognizer, LandmarkAnswer answer, string path)
    {
        _known ??= new KnownLandmarks(recognizer.Landmarks.Select(landmark => landmark.Label));
        IReadOnlyList<string>? shown = _truthOf(answer.Id!);
        _answers.Add(new ReportedAnswer(answer, path, shown, shown is not null && _known.AreUnknown(shown)));
    }

    /// <param name="recognizer">What answered.</param>
    public void Write(LandmarkRecognizer recognizer)
    {
        int unknown = _answers.Count(answer => answer.Shows is null);
        if (_settings.Truth is { } truth && unknown > 0)
            _session.Log.Warn(Errors.ReportedWithoutTruth(truth, unknown, _answers.Count));
        var references = new ReferencePhotographs(_report.ReferenceFolders);
        _output.Write(new LandmarkReport
        {
            Subject = $"{Path.GetFileName(_settings.Model)}, {Quantity.Of(_answers.Count, "photograph")}",
            Made = DateTimeOffset.Now,
            Answers = _answers,
            FalseAlarmRate = recognizer.FalseAlarmRate,
            UnknownLandmarkRate = recognizer.UnknownLandmarkRate,
            Metrics = ReportMetrics.Of(_session.ML, _answers),
            Names = recognizer.Names,
        }, references.Find, _settings.MaxPixels);
        _session.Log.WriteWarnings();
    }

    public void Dispose() => _output.Dispose();

    private Func<string, IReadOnlyList<string>?> ReadTruth()
    {
        if (_settings.Truth is { } file)
        {
            Dictionary<string, Truth> rows = Truth.Read(_session.ML, file).ToDictionary(row => row.Id);
            return id => rows.TryGetValue(id, out Truth? row) && row.Counts ? row.Label : null;
        }

        if (!_settings.FoldersAreTruth)
            return _ => null;
        // As a shell completes it, and in any Unicode form.
        string? none = _settings.NonLandmarkFolder is { } folder ? NormalForm.Of(Path.TrimEndingDirectorySeparator(folder)) : null;
        // What lies in no folder is not known.
        return id => id.IndexOf('/', StringComparison.Ordinal) is > 0 and var end
            ? NormalForm.Of(id[..end]) == none ? [] : [id[..end]] : null;
    }
}
