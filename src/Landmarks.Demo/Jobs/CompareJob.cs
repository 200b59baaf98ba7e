using System.Globalization;
using Landmarks.Demo.Comparison;
using Landmarks.Demo.Data;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Jobs;

/// <summary>Fits a model by each method at each image size, and by the mean of all, and compares how well they answer queries, and how well
/// a model does that is given.</summary>
internal sealed class CompareJob
{
    private readonly Session _session;
    private readonly CompareSettings _settings;
    private readonly Training _training;
    private readonly KnownQueries _queries;
    private readonly List<ComparedAnswers> _answers = [];
    private readonly CompareReport? _report;
    private (FittedStep Step, ComparedAnswers Answers)? _reported;

    private CompareJob(Session session, CompareSettings settings, CompareReport? report)
    {
        (_session, _settings, _report) = (session, settings, report);
        _queries = settings.ReadQueries(session);
        _training = new Training(session, settings.Fit);
        _queries.Check(session, _training.Data.Rows);
        session.Log.WriteWarnings();
    }

    private int QueryCount => _queries.Truth.Count;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is compared, and by what.</param>
    public static void Run(Session session, CompareSettings settings)
    {
        using CompareReport? report = settings.Report is { } asked
            ? new CompareReport(session, settings.Fit, asked, settings.Inputs) : null;
        var job = new CompareJob(session, settings, report);
        foreach (IDataView photographs in report is null ? [] : new[] { job._training.Data.Rows, job._queries.Rows })
            OutputFiles.ThrowIfInput(settings.Report!.File, ImagePaths.Of(photographs, session.Cancellation));
        job.Run();
    }

    private void Run()
    {
        foreach (string remark in _training.Remarks)
            _session.Terminal.WriteLine(remark);
        IReadOnlyList<int> sizes = _training.ChooseSeveralImageSizes();
        _session.Log.WriteWarnings();
        // First: what is wrong with it is told before hours of work, and its rows are in memory no longer when others come.
        ComparedAnswers? given = _settings.Model is { } file
            ? GivenModel.Ask(_session, _settings.Fit, file, _settings.Index, _queries) : null;
        MeanEmbeddings trainingMeans = new(sizes.Count), queryMeans = new(sizes.Count);
        foreach (int size in sizes)
        {
            Fit(size.ToString(CultureInfo.InvariantCulture), board =>
            {
                using Embedding embedding = _training.CreateEmbedding(size);
                IDataView rows = _training.Embed(embedding, board),
                    queries = embedding.Keep(_queries.Rows, board.Add("Queries", QueryCount));
                if (sizes.Count > 1)
                {
                    trainingMeans.Add(_session.ML, rows);
                    queryMeans.Add(_session.ML, queries);
                }

                return (rows, queries);
            });
        }

        if (sizes.Count > 1)
            Fit(string.Join('+', sizes), _ => (trainingMeans.ToView(_session.ML), queryMeans.ToView(_session.ML)));

        if (given is not null)
            _answers.Add(given);
        IReadOnlyList<ComparedMethod> methods = MethodComparison.Run(_session.ML, _answers, _queries.Truth,
            _training.Data.Rows, _session.Cancellation);
        _session.WriteCacheSummary();
        ComparisonReport.Write(_session.Terminal, methods);
        if (_reported is { } reported)
            _report!.Write(Training.CreateModel(_training.CreateEmbedding(sizes[0]), reported.Step), reported.Answers, methods,
                _training.Data.Rows, _queries);
        long images = (_training.Data.Counts.All + QueryCount) * sizes.Count + (given is null ? 0 : QueryCount);
        _session.Terminal.WriteLine($"Compared {Quantity.Of(methods.Count, "model")} on {QueryCount} "
            + $"{(QueryCount == 1 ? "query" : "queries")}, {_queries.WithLandmarkCount} with a landmark, "
            + $"in {Quantity.Of(_session.Elapsed)}, {Quantity.Rate(images, _session.Elapsed)} images a second."
            + (_report is null ? " Nothing was written." : ""));
    }

    private void Fit(string imageSize, Func<IProgressBoard, (IDataView Rows, IDataView Queries)> embed)
    {
        _session.Terminal.WriteLine($"Fitting {_training.Data.Counts} at {imageSize} pixels.");
        IReadOnlyList<string> choices = _session.Follow(board =>
        {
            (IDataView rows, IDataView queries) = embed(board);
            string? chosen = null;
            List<string> tuned = [];
            var fitted = new SortedDictionary<LandmarkMethod, ComparedAnswers>();
            ComparedAnswers? plain = null;
            foreach (LandmarkRecognizingTransformer step in _training.Learner.CreateEstimator(board).FitAllMethods(rows))
            {
                FittedStep learned = FittedStep.Of(step);
                // The report shows what fit makes where it is asked for no other size: the first of all.
                bool isReported = _report is not null && _reported is null;
                using FittedStep? ended = isReported ? null : learned;
                bool isPlain = step.Method == LandmarkMethod.Plain, hasVerdict = step.FalseAlarmRate is not null;
                // The plain method has no verdict, which holds non-landmarks out of all that is learned.
                if (!isPlain || (hasVerdict && chosen is null))
                    fitted[step.Method] = Ask(learned, isPlain ? MethodName.PlainWithVerdict : MethodName.Of(step.Method), step);
                else if (!hasVerdict)
                    plain = Ask(learned, MethodName.Plain, step);
                if (isReported)
                    _reported = (learned, plain ?? fitted[step.Method]);
                if (learned.Tuned is { } weights)
                    tuned.Add($"{MethodName.Of(step.Method)} at {imageSize} pixels: {weights}.");
                // The first is the one that fit would choose.
                chosen ??= $"fit at {imageSize} pixels: {learned.Method}.";
            }

            if (plain is null)
            {
                using FittedStep learned = _training.Learner.FitPlain(rows, board);
                plain = Ask(learned, MethodName.Plain);
            }

            _answers.AddRange([plain, .. fitted.Values]);
            return tuned.Append(chosen!).ToArray();

            ComparedAnswers Ask(FittedStep learned, string method, LandmarkRecognizingTransformer? step = null)
            {
                var monitored = new MonitoredDataView(queries, board.Add($"Answers, {method}", QueryCount), _session.Cancellation);
                return new ComparedAnswers(method, imageSize,
                    KeptView.Keep(_session.ML, learned.Step.Transform(monitored), ComparedAnswers.Columns),
                    step?.FalseAlarmRate, step?.UnknownLandmarkRate);
            }
        });
        foreach (string choice in choices)
            _session.Terminal.WriteLine(choice);
    }
}
