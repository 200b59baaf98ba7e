using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Reports.Html;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Jobs;

/// <summary>Tells what is wrong with reference photographs.</summary>
internal sealed class CheckJob
{
    // More than that of a kind is no reading for a terminal.
    private const int TopOnTerminal = 20;

    private readonly Session _session;
    private readonly FitSettings _network;
    private readonly CheckSettings _settings;
    private readonly Training _training;
    private readonly IDataView? _queries;
    private readonly LandmarkNames _names;

    private CheckJob(Session session, FitSettings network, CheckSettings settings)
    {
        (_session, _network, _settings) = (session, network, settings);
        _training = new Training(session, network);
        _queries = settings.Queries?.Load(session.ML);
        _names = network.Learning.OpenNames is { } open ? LandmarkNames.Read(session.ML, open(session.ML)) : LandmarkNames.None;
        session.Log.WriteWarnings();
    }

    /// <param name="session">The job's session.</param>
    /// <param name="network">The photographs, and the network that they are compared by.</param>
    /// <param name="settings">What is looked for, and where findings go.</param>
    public static void Run(Session session, FitSettings network, CheckSettings settings)
    {
        // The outputs come second: begun in the folder of the photographs, they would be told among what is left out there.
        var job = new CheckJob(session, network, settings);
        string[] inputs = [.. network.InputFiles, .. settings.Queries?.Files ?? []];
        using OutputFile? file = session.CreateResultOutput(settings.OutputFile, isForProgram: settings.Format is not null, inputs);
        using ReportOutput? report = settings.Report is { } page ? new ReportOutput(session, page, inputs) : null;
        foreach (string written in settings.Outputs)
            OutputFiles.ThrowIfInput(written, job.AllPaths);
        job.Run(file, report);
    }

    private IEnumerable<string> AllPaths => new[] { _training.Data.Rows, _queries }.OfType<IDataView>()
        .SelectMany(rows => ImagePaths.Of(rows, _session.Cancellation));

    // What was asked for and was not looked for, and why.
    private string Limits
    {
        get
        {
            (LandmarkFindingKind Kind, bool IsLimited, string Reason)[] limits =
            [
                (LandmarkFindingKind.Leak, _queries is null, "no queries are named"),
                (LandmarkFindingKind.Contamination, _training.Data.Counts.NonLandmarks == 0, "no non-landmarks are named"),
            ];
            return string.Join(", ", limits.Where(limit => limit.IsLimited && _settings.Kinds.Contains(limit.Kind))
                .Select(limit => $"{FindingKinds.NameOf(limit.Kind)} ({limit.Reason})"));
        }
    }

    private void Run(OutputFile? file, ReportOutput? report)
    {
        using var output = new ResultOutput<Finding>(_session.Terminal, new FindingForms(), _settings.Format, file);
        foreach (string remark in _training.Remarks)
            _session.Terminal.WriteLine(remark);
        using Embedding embedding = _training.CreateEmbedding(_training.ImageSizes);
        _session.Log.WriteWarnings();
        long queryCount = _queries is null ? 0 : ImagePaths.Of(_queries, _session.Cancellation).LongCount();
        string queries = _queries is null ? "" : $" against {Quantity.Of(queryCount, "photograph")} of queries";
        _session.Terminal.WriteLine($"Checking {_training.Data.Counts}{queries}.");
        IReadOnlyList<LandmarkFinding> found = _session.Follow(board => Find(embedding, queryCount, board));
        Finding[] findings = [.. Describe([.. found.Where(finding => _settings.Kinds.Contains(finding.Kind))])];
        int top = _settings.Top ?? (file is null ? TopOnTerminal : int.MaxValue);
        // Who has read enough is told no more of them.
        if (findings.GroupBy(finding => finding.Kind).SelectMany(kind => kind.Take(top)).All(output.TryWrite) && output.TryComplete())
            file?.Commit();
        report?.Write(new CheckReport
        {
            Subject = $"{_training.Data.Counts}",
            Made = DateTimeOffset.Now,
            Findings = findings,
            Limits = Limits,
        }, _network.Preparation.MaxPixels);
        Summarize(file, findings, top, _training.Data.Counts.All + queryCount);
        if (found.Count(finding => _settings.Failing.Contains(finding.Kind)) is > 0 and var failing)
            _session.Fail(Errors.FailingFindings(failing));
    }

    private IReadOnlyList<LandmarkFinding> Find(Embedding embedding, long queryCount, IProgressBoard board)
    {
        UnreadablePhotographs.Skip(embedding.Steps, told: new UnreadablePhotographs());
        IDataView photographs = Embed(_training.Data.Rows, "Photographs", _training.Data.Counts.All);
        return _session.ML.Data.CheckLandmarks(photographs, new LandmarkCheckOptions
        {
            Queries = _queries is null ? null : Embed(_queries, "Queries", queryCount),
            Images = _network.Preparation,
            // What has no total is reading the rows, which is followed below.
            Progress = new StageBoard<LandmarkCheckProgress>(board, part => part.Total is { } total ? (part.Work, part.Done, total) : null),
            GpuDeviceId = _network.Gpu,
            FallbackToCpu = _network.FallbackToCpu,
            CancellationToken = _session.Cancellation,
        });

        // The features are read once, and the paths once more.
        IDataView Embed(IDataView rows, string title, long count) => embedding.Transform(rows, new FirstPass(board.Add(title, count)));
    }

    private IEnumerable<Finding> Describe(IReadOnlyList<LandmarkFinding> found)
    {
        Dictionary<long, string> paths = PathsOf(_training.Data.Rows,
            [.. found.Where(finding => finding.Kind != LandmarkFindingKind.Leak).Select(finding => finding.Row),
                .. found.Select(finding => finding.OtherRow).OfType<long>()]),
            queries = _queries is null ? [] : PathsOf(_queries,
            [.. found.Where(finding => finding.Kind == LandmarkFindingKind.Leak).Select(finding => finding.Row)]);
        return found.Select(finding => new Finding
        {
            Kind = finding.Kind,
            Id = finding.Id,
            Path = (finding.Kind == LandmarkFindingKind.Leak ? queries : paths)[finding.Row],
            Landmark = finding.Landmark,
            Name = NameOf(finding.Landmark),
            OtherId = finding.OtherId,
            OtherPath = finding.OtherRow is { } other ? paths[other] : null,
            OtherLandmark = finding.OtherLandmark,
            OtherName = NameOf(finding.OtherLandmark),
            Score = finding.Score,
            Advice = LibraryTexts.Translate(finding.Advice),
        });
    }

    private string? NameOf(string? label) => label is null ? null : _names.Of(label);

    private Dictionary<long, string> PathsOf(IDataView rows, HashSet<long> asked)
    {
        Dictionary<long, string> paths = [];
        if (asked.Count == 0)
            return paths;
        foreach ((int row, string path) in ImagePaths.Of(rows, _session.Cancellation).Index())
        {
            if (asked.Contains(row))
                paths.Add(row, path);
        }

        return paths;
    }

    private void Summarize(OutputFile? file, Finding[] findings, int top, long photographs)
    {
        if (file is { IsStandardOutput: false })
            _session.Terminal.WriteLine($"Wrote {file.Path}.");
        _session.WriteCacheSummary();
        _session.Terminal.WriteLine($"Checked {Quantity.Of(photographs, "photograph")} in {Quantity.Of(_session.Elapsed)}, "
            + $"{Quantity.Rate(photographs, _session.Elapsed)} images a second: "
            + $"{(findings.Length == 0 ? "nothing was found." : Quantity.Of(findings.Length, "finding") + ".")}");
        foreach (IGrouping<LandmarkFindingKind, Finding> kind in findings.GroupBy(finding => finding.Kind))
            _session.Terminal.WriteLine($"{kind.Count(),7}  {FindingKinds.NameOf(kind.Key)}"
                + (kind.Count() > top ? $", {top} of them told; --top N tells more" : ""));
        if (Limits.Length > 0)
            _session.Terminal.WriteLine($"Not looked for: {Limits}.");
    }
}
