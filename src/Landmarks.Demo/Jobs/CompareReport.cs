using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Reports.Html;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Jobs;

/// <summary>The report on what <c>compare</c> found: how well each method answered, and the answers of the one that fit would make, which
/// is asked once more for all that it knows of them.</summary>
internal sealed class CompareReport : IDisposable
{
    private readonly Session _session;
    private readonly FitSettings _settings;
    private readonly ReportOutput _output;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">What models are fitted to.</param>
    /// <param name="report">Where the report goes.</param>
    /// <param name="inputs">The files that are read, but for photographs.</param>
    public CompareReport(Session session, FitSettings settings, ReportSettings report, IEnumerable<string> inputs)
    {
        (_session, _settings) = (session, settings);
        _output = new ReportOutput(session, report, inputs);
    }

    /// <param name="model">What fit would make; disposed here.</param>
    /// <param name="answers">What it answered.</param>
    /// <param name="methods">How well each method answered.</param>
    /// <param name="training">Id, Label and ImagePath of the training photographs.</param>
    /// <param name="queries">The queries.</param>
    public void Write(LandmarkModel model, ComparedAnswers answers, IReadOnlyList<ComparedMethod> methods, IDataView training,
        KnownQueries queries)
    {
        using (model)
        {
            using LandmarkRecognizer recognizer = model.CreateRecognizer(_session);
            recognizer.NumberOfTopLandmarks = LandmarkReport.TopLandmarks;
            var known = KnownLandmarks.Of(_session.ML, training);
            Dictionary<string, Truth> truth = queries.Truth.ToDictionary(row => row.Id);
            PhotoQuery[] photos = [.. PhotoArguments.Of(_session.ML, queries.Rows)];
            List<ReportedAnswer> answered = [];
            Answering.Ask(_session, recognizer, photos, stopsAtBadImage: false, answer =>
            {
                string[] shown = truth[answer.Id!].Label;
                answered.Add(new ReportedAnswer(answer, photos[answered.Count].Path, shown, known.AreUnknown(shown)));
                return true;
            });
            _output.Write(new LandmarkReport
            {
                Subject = $"{answers.Method} at {answers.ImageSize} pixels, which fit makes",
                Made = DateTimeOffset.Now,
                Answers = answered,
                FalseAlarmRate = answers.FalseAlarmRate,
                UnknownLandmarkRate = answers.UnknownLandmarkRate,
                Metrics = methods.Single(method => method.Answers == answers).Result.Metrics,
                Methods = [.. methods.Select(method
                    => new ReportedMethod(method.Name, method.ImageSize, method.Answers == answers, method.Answers.IsGiven,
                        method.Result.Metrics))],
                Names = recognizer.Names,
            }, FindIn(training), _settings.Preparation.MaxPixels);
        }
    }

    public void Dispose() => _output.Dispose();

    private static Func<string, string?> FindIn(IDataView training)
    {
        Dictionary<string, string> paths = [];
        foreach ((string id, string path) in training.GetColumn<string>(Embedding.Id).Zip(training.GetColumn<string>(Embedding.ImagePath)))
            paths.TryAdd(id, path);
        return paths.GetValueOrDefault;
    }
}
