using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Landmarks.Whitening;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>Reads rows and queries, searches, looks at photographs, and makes findings of all that.</summary>
internal sealed class LandmarkCheck
{
    private readonly IHostEnvironment _env;
    private readonly LandmarkCheckOptions _options;
    private readonly IChannel _channel;
    private readonly SearchDevice? _device;
    private readonly ParallelOptions _parallelism;

    private LandmarkCheck(IHostEnvironment env, LandmarkCheckOptions options, IChannel channel)
    {
        (_env, _options, _channel) = (env, options, channel);
        _device = SearchDevices.Choose(env, options.GpuDeviceId, options.FallbackToCpu);
        _parallelism = options.CreateParallelOptions();
    }

    /// <summary>The findings, in the order of worth.</summary>
    /// <param name="env">The environment; its log is told what is done.</param>
    /// <param name="view">The rows.</param>
    /// <param name="options">What is looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features of the
    /// queries.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<LandmarkFinding> Run(IHostEnvironment env, IDataView view, LandmarkCheckOptions options)
    {
        using IChannel channel = env.Start("Checking landmarks");
        return new LandmarkCheck(env, options, channel).Run(view);
    }

    private IReadOnlyList<LandmarkFinding> Run(IDataView view)
    {
        CheckLineage(view);
        CheckedRows rows = CheckedRows.Read(view, _options, _options.ProgressOf("Rows", view.GetRowCount()));
        CheckedRows? queries = _options.Queries is { } asked
            ? CheckedRows.ReadQueries(asked, _options, rows, _options.ProgressOf("Rows of queries", asked.GetRowCount())) : null;
        PhotographReader? photographs = ReadPhotographs(view, rows, "Pixels");
        PhotographReader? ofQueries = queries is null ? null : ReadPhotographs(_options.Queries!, queries, "Pixels of queries");
        // All blank photographs are alike, whatever they are called.
        if (photographs is not null)
            rows.LeaveOut(row => photographs.Sketches[row]?.IsBlank == true);
        Whiten(rows, queries);
        NearestRows nearest = Search(rows, rows, LeaveOneOutVotes.LandmarkRows, LeaveOneOutVotes.NonLandmarkRows, "Nearest rows");
        var likeness = new PhotographPairs(rows, nearest, _parallelism);
        IReadOnlyList<SamePhotograph> pairs = photographs is null ? likeness.OfFeatures()
            : likeness.OfPixels(photographs.Sketches, _options.ProgressOf("Likeness", rows.PlaceCount));
        var same = new SamePhotographs(rows.Count, pairs);
        var findings = new LandmarkFindings(rows);
        findings.AddSame(pairs, photographs?.Sketches);
        findings.AddSingles(same);
        new VoteCheck(rows, new LeaveOneOutVotes(rows, nearest, same), same, findings).Run(_parallelism);
        findings.AddPhotographs(photographs);
        if (queries is not null)
        {
            NearestRows nearQueries
                = Search(rows, queries, PhotographPairs.Candidates, PhotographPairs.Candidates, "Nearest rows of queries");
            findings.AddLeaks(queries, likeness.OfQueries(queries, nearQueries,
                photographs is null ? null : (photographs.Sketches, ofQueries!.Sketches)));
        }

        return findings.InOrder();
    }

    private void CheckLineage(IDataView view)
    {
        if (_options.Queries is { } queries && LineageOf(view).FindOther(LineageOf(queries)) is { } other)
            throw Errors.OtherStepsOfQueries(other.Column, other.Found, other.Fitted);
    }

    private Lineage LineageOf(IDataView view)
        => Lineage.Of(view.Schema, FeatureReader.GetColumn(view.Schema, _options.FeatureColumnName, dimension: null));

    private PhotographReader? ReadPhotographs(IDataView view, CheckedRows rows, string work)
        => _options.ImageColumnName is not { } column ? null
            : PhotographReader.Read(_env, view, rows.Count, column, _options, _options.ProgressOf(work, rows.Count));

    private NearestRows Search(CheckedRows rows, CheckedRows asked, int landmarks, int nonLandmarks, string work)
        => new(rows, asked, landmarks, nonLandmarks, _device, _parallelism, message => _channel.Info(MessageSensitivity.None, message),
            // Each is searched for among both kinds.
            _options.ProgressOf(work, 2L * asked.PlaceCount));

    // As fit does, where there are so many landmarks: what all photographs share counts for less then.
    private void Whiten(CheckedRows rows, CheckedRows? queries)
    {
        if (rows.LandmarkCount < MethodChooser.FewestLandmarksToWhiten)
            return;
        var moments = new RowMoments(rows.Landmarks.Dimension, _parallelism);
        foreach (UnitRows kind in new[] { rows.Landmarks, rows.NonLandmarks })
        {
            for (int row = 0; row < kind.Count; row++)
                moments.Add(kind[row]);
        }

        if (moments.Count == 0)
            return;
        PrincipalComponents axes = moments.ToPrincipalComponents();
        if (axes.Eigenvalues.Length == 0)
            return;
        var projection = WhiteningProjection.Create(axes, WhiteningEstimator.Defaults.Dimension, WhiteningEstimator.Defaults.Exponent);
        rows.Map(Apply);
        queries?.Map(Apply);

        UnitRows Apply(UnitRows before)
        {
            var whitened = new UnitRows(projection.OutputDimension);
            foreach (ReadOnlyMemory<float> block in before.Blocks)
            {
                _parallelism.CancellationToken.ThrowIfCancellationRequested();
                var values = new float[block.Length / projection.InputDimension * projection.OutputDimension];
                projection.Apply(block, values, _parallelism);
                for (int start = 0; start < values.Length; start += projection.OutputDimension)
                    whitened.Add(values.AsSpan(start, projection.OutputDimension));
            }

            return whitened;
        }
    }
}
