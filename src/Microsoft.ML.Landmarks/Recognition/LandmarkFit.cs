using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>One fit: the rows that were read, and the steps that are learned of them.</summary>
internal sealed class LandmarkFit
{
    private readonly IHostEnvironment _env;
    private readonly LandmarkRecognizingEstimator.Options _options;
    private readonly SearchDevice? _device;
    private readonly IChannel _channel;
    private readonly FitProgress _progress;
    private readonly Lineage _lineage;
    private readonly Dictionary<string, string> _names;
    private readonly VerdictPlan? _verdict;
    private readonly TrainingRows _rows;
    private readonly LandmarkLearning _learning;

    /// <summary>Reads the rows.</summary>
    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where to search; null for the CPU.</param>
    /// <param name="input">The rows.</param>
    /// <param name="channel">Told what there are, and what is chosen; in use as long as this is.</param>
    public LandmarkFit(IHostEnvironment env, LandmarkRecognizingEstimator.Options options, SearchDevice? device, IDataView input,
        IChannel channel)
    {
        _env = env;
        _options = options;
        _device = device;
        _channel = channel;
        _progress = new FitProgress(options.FitProgress);
        _lineage = Lineage.Of(input.Schema, FeatureReader.GetColumn(input.Schema, options.FeatureColumnName, dimension: null));
        // Before hours of work on photographs: a file of names may be broken.
        IReadOnlyDictionary<string, string> names = options.Names is null
            ? new Dictionary<string, string>() : LandmarkNames.Read(options.Names);
        var rows = TrainingRows.Read(input, options, channel);
        _verdict = PlanVerdict(rows);
        _rows = _verdict?.Learned ?? rows;
        HashSet<string?> labels = [.. _rows.Labels];
        _names = names.Where(name => labels.Contains(name.Key)).ToDictionary();
        if (names.Count > 0 && _names.Count == 0)
            channel.Warning(MessageSensitivity.UserData, Errors.NamesOfOthers(names.First().Key, labels.OfType<string>().First()));
        _learning = new LandmarkLearning(env, options, device, _rows, _progress) { Penalties = options.Penalties };
    }

    /// <summary>The methods by which the rows can be learned.</summary>
    public IEnumerable<LandmarkMethod> Methods
        => Enum.GetValues<LandmarkMethod>().Where(method => !method.Whitens() || _learning.FindWhyNotWhitened() is null);

    /// <summary>The method that suits the rows.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ChosenMethod Choose() => new MethodChooser(_options, _device, _progress, _channel).Choose(_rows, _learning);

    /// <exception cref="InvalidOperationException">The method whitens, and there is nothing to whiten.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LandmarkRecognizingTransformer Learn(ChosenMethod chosen)
    {
        _channel.Info(MessageSensitivity.None, $"Method: {string.Join("; ", [chosen.Method.Name(), .. chosen.Reasons])}.");
        LearnedLandmarks learned = _learning.Learn(chosen.Method);
        try
        {
            Verdict? verdict = _verdict?.Judge(learned, chosen.Method, _progress, _channel);
            return new LandmarkRecognizingTransformer(_env, new RecognitionModel(
                chosen, _names, _lineage, learned.Whitening?.Projection, learned.Landmarks, verdict, _options.Columns), _options);
        }
        catch
        {
            learned.Dispose();
            throw;
        }
    }

    /// <summary>Finds the penalties of the landmark rows that belong to a shard, as they are asked for: of the rows of every method that
    /// may be chosen.</summary>
    /// <exception cref="InvalidOperationException">The method whitens, and there is nothing to whiten.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<LandmarkPenalty> FindPenalties(LandmarkShard shard)
    {
        IEnumerable<LandmarkMethod> methods = _options.Method is { } method ? [method] : Methods;
        return methods.Select(LandmarkMethods.Whitens).Distinct().SelectMany(whitens => _learning.FindPenalties(whitens, shard));
    }

    // Null where there is no verdict.
    private VerdictPlan? PlanVerdict(TrainingRows rows)
    {
        if (_options.Rates is not { } rates)
            return null;
        if (rates.UnknownLandmarks is { } rate
            && !IsBorne(() => new LandmarkFolds(rows, _options, _device).CheckUnknownLandmarks(rate), Errors.NoVerdictOnUnknownLandmarks))
            rates = rates with { UnknownLandmarks = null };
        VerdictPlan? plan = null;
        IsBorne(() => plan = VerdictPlan.Create(rows, _options, rates, _device), Errors.NoVerdict);
        return plan;
    }

    // Whether the rows bear what is asked of them. Where they do not, and may, a warning says why.
    private bool IsBorne(Action ask, Func<string, string> describe)
    {
        try
        {
            ask();
            return true;
        }
        catch (InvalidOperationException e) when (_options.AllowNoVerdict)
        {
            _channel.Warning(MessageSensitivity.None, describe(e.Message));
            return false;
        }
    }
}
