using System.Security.Cryptography;
using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Reports.Html;

/// <summary>A report that is being made: begun before a long job, so that it is told at once what would keep it from being
/// written.</summary>
internal sealed class ReportOutput : IDisposable
{
    // What mail servers take.
    private const int LargestMail = 25_000_000;

    private readonly Session _session;
    private readonly ReportSettings _settings;
    private readonly OutputFile _file;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">Where the report goes.</param>
    /// <param name="inputs">The files that the job reads.</param>
    /// <exception cref="JobFailedException">The report would replace an input, or a folder is missing or a file.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public ReportOutput(Session session, ReportSettings settings, IEnumerable<string> inputs)
    {
        (_session, _settings) = (session, settings);
        if (settings.PicturesFolder is { } pictures)
        {
            if (File.Exists(pictures))
                throw Errors.FolderMissing(pictures);
            Directory.CreateDirectory(pictures);
        }

        _file = session.CreateOutput(settings.File, inputs);
    }

    /// <summary>Makes the pictures of a report on answers, and writes it.</summary>
    /// <param name="report">What it tells.</param>
    /// <param name="findReference">The file of a photograph that the model was fitted to, by its id; null where it is not at hand.</param>
    /// <param name="maxPixels">The most pixels of a photograph; null for the library's limit.</param>
    public void Write(LandmarkReport report, Func<string, string?> findReference, int? maxPixels)
    {
        IReadOnlyList<CardGroup> groups = CardGroup.Choose(report, _settings.Cards);
        var pictures = new ReportPictures(report, groups, findReference);
        MakePictures(pictures.Needed, pictures.Add, maxPixels);
        Complete(HtmlReport.Write(_file.Stream, report, groups, pictures, HasFiles),
            $"{groups.Sum(group => group.Shown.Count)} of {Quantity.Of(report.Answers.Count, "photograph")}");
    }

    /// <summary>Makes the pictures of a report on a check, and writes it.</summary>
    /// <inheritdoc cref="Write(LandmarkReport, Func{string, string}, int?)"/>
    public void Write(CheckReport report, int? maxPixels)
    {
        IReadOnlyList<FindingGroup> groups = FindingGroup.Choose(report.Findings, _settings.Cards);
        Finding[] shown = [.. groups.SelectMany(group => group.Shown)];
        Dictionary<string, string> addresses = [];
        MakePictures([.. shown.SelectMany(FindingCard.PathsOf).Distinct().Select(path => (path, FindingCard.Side))], addresses.Add,
            maxPixels);
        Complete(HtmlCheckReport.Write(_file.Stream, report, groups, path => path is null ? null : addresses.GetValueOrDefault(path),
            HasFiles), $"{shown.Length} of {Quantity.Of(report.Findings.Count, "finding")}");
    }

    public void Dispose() => _file.Dispose();

    private bool HasFiles => _settings.PicturesFolder is not null;

    private void Complete(long length, string shown)
    {
        _file.Commit();
        if (length > LargestMail)
            _session.Terminal.WriteWarning(Errors.LargeReport(_file.Path, length));
        _session.Terminal.WriteLine($"Wrote {_file.Path}: a report that shows {shown}.");
    }

    private void MakePictures(IReadOnlyList<(string Path, int Side)> needed, Action<string, string> add, int? maxPixels)
    {
        if (needed.Count == 0)
            return;
        _session.Follow(board =>
        {
            IProgress<long> progress = board.Add("Pictures", needed.Count);
            IEnumerable<byte[]?> made = Thumbnails.Make(_session.ML, needed, maxPixels,
                rows => new MonitoredDataView(rows, progress, _session.Cancellation));
            foreach (((string path, _), byte[]? jpeg) in needed.Zip(made))
            {
                if (jpeg is not null)
                    add(path, Keep(jpeg));
            }

            return needed.Count;
        });
    }

    // A file is named by its content: reports may share a folder, and no name that a photograph has says what may be written.
    private string Keep(byte[] jpeg)
    {
        if (_settings.PicturesFolder is not { } folder)
            return $"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}";
        string name = $"{Convert.ToHexStringLower(SHA256.HashData(jpeg))[..16]}.jpg", path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            using OutputFile file = _session.Outputs.Create(path, []);
            file.Stream.Write(jpeg);
            file.Commit();
        }

        string page = _file.IsStandardOutput ? Environment.CurrentDirectory : Path.GetDirectoryName(_file.Path)!;
        string relative = Path.GetRelativePath(page, Path.GetFullPath(path));
        return Path.IsPathRooted(relative) ? new Uri(relative).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }
}
