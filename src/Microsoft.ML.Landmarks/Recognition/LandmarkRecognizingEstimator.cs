using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Names the landmark of each row, by the method that suits the training rows: <see cref="WhiteningEstimator"/> and
/// <see cref="KnnLandmarkEstimator"/> as one step. Made by
/// <see cref="LandmarksCatalog.RecognizeLandmarks(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// <para>Where <see cref="Options.Method"/> is null, Fit chooses. Rows of fewer than 8 landmarks are taken as they are. Others are whitened
/// where that stands a cross-validation in 5 folds: where answers by whitened rows have no smaller global average precision than those by
/// the rows as they are. Of 10 landmarks, 30 non-landmarks and 30 rows that share their landmark with another, or more, whitened rows are
/// tuned too. What was chosen, and why, is said by <see cref="LandmarkRecognizingTransformer.Method"/> and
/// <see cref="LandmarkRecognizingTransformer.Reasons"/>.</para>
/// <para>A verdict, <see cref="Options.IsLandmarkColumnName"/>, says whether an answer is one. Each third of the non-landmarks (the 3rd,
/// 6th, 9th and so on) is held out of all that learns: whitening, tuning, penalties, vote. Each of those is answered like a query, and its
/// verdict score is kept; a query's <see cref="Options.FalseAlarmProbabilityColumnName"/> is (1 + how many of these n scores are at least
/// as high as its own) / (n + 1), and the verdict is whether that is at most <see cref="Options.FalseAlarmRate"/>. For a photograph of
/// nothing that comes from where the non-landmarks came from, it is so with a chance of at most the rate, whatever the score:</para>
/// <list type="number">
/// <item>What was learned knows neither the photograph nor the n that were held out, so all orders of the n + 1 scores have one
/// chance.</item>
/// <item>So the photograph's place among them, counted from the highest, of equal ones the last, is at most k with a chance of at most
/// k / (n + 1).</item>
/// <item>The false alarm probability is that place divided by n + 1; it is at most the rate where the place is at most k, the rate times
/// n + 1 rounded down.</item>
/// <item>The chance of that is at most k / (n + 1), which is at most the rate.</item>
/// </list>
/// <para>What is not promised: that chance is one over the draw of all these photographs, and that of a single model lies about it (see
/// <see cref="LandmarkRecognizingTransformer.FalseAlarmInterval"/> and <see cref="Options.FalseAlarmConfidence"/>). Where pictures of
/// nothing are unlike the non-landmarks, no rule keeps the rate. Photographs of landmarks that the model does not know are no pictures of
/// nothing (see <see cref="Options.UnknownLandmarkRate"/>, which is an estimate). Where a third is too few, the model learns from all
/// non-landmarks, and these are answered in 5 folds, each by a model of the others: measured as good, but not proved
/// (<see cref="LandmarkRecognizingTransformer.FalseAlarmsAreProved"/>). Source: Vovk, Gammerman, Shafer, Algorithmic Learning in a Random
/// World, 2005.</para>
/// <para>The answers are the bits of the two steps in a chain, fitted on the same rows without those held out, with the same settings. Fit
/// reads its input once, however many rows or folds it needs: ids, labels and features stay in memory while it works, 4 bytes for each
/// value, beside the rows of the step itself and of a fold. The model keeps, and saves, what
/// <see cref="LandmarkRecognizingTransformer.With"/> judges by: the rows that are held out, with the numbers and scores of their nearest
/// rows (16 bytes each, of 3 more than vote, where that takes no more than the rows or 16 MB); or, where the verdict is by folds, all rows
/// as they were read.</para>
/// <para>A row with a feature that is NaN or infinite, or with no feature but 0, has no cosine. Fit leaves it out and counts it in a
/// warning; as a query it has the missing value as its prediction, and a Score of NaN.</para>
/// </remarks>
public sealed class LandmarkRecognizingEstimator : IEstimator<LandmarkRecognizingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly SearchDevice? _device;

    internal LandmarkRecognizingEstimator(IHostEnvironment env, Options options)
        : this(env, options, (options ?? throw new ArgumentNullException(nameof(options))).ChooseDevice(env))
    {
    }

    /// <param name="env">The environment.</param>
    /// <param name="options">Settings.</param>
    /// <param name="device">Where to search, whatever they say; null for the CPU.</param>
    internal LandmarkRecognizingEstimator(IHostEnvironment env, Options options, SearchDevice? device)
    {
        _env = env;
        _options = options;
        _device = device;
        options.CheckColumns();
        if (options is { FalseAlarmRate: null, UnknownLandmarkRate: not null } or { FalseAlarmRate: null, FalseAlarmConfidence: not null })
            throw Errors.RateWithoutVerdict();
    }

    /// <summary>The values that are taken unless told otherwise.</summary>
    public static class Defaults
    {
        /// <summary>The share of photographs of nothing that may be answered.</summary>
        public const double FalseAlarmRate = 0.05;
    }

    /// <summary>Settings of <see cref="LandmarkRecognizingEstimator"/>.</summary>
    /// <remarks><see cref="StepOptions.Progress"/> is told by Fit how many rows it has read, and <see cref="FitProgress"/> how far it is
    /// with them.</remarks>
    public sealed class Options : LandmarkOptions
    {
        /// <summary>The values that are taken unless told otherwise.</summary>
        public Options()
        {
        }

        /// <summary>Those of another step that names landmarks, and of the rest what is taken unless told otherwise.</summary>
        /// <param name="shared">Their values are taken, those of <see cref="StepOptions"/> too.</param>
        public Options(LandmarkOptions shared) : base(shared)
        {
        }

        /// <summary>How landmarks are learned. Null: Fit chooses by the training rows.</summary>
        /// <exception cref="ArgumentException">It is none of the methods.</exception>
        public LandmarkMethod? Method
        {
            get;
            init
            {
                field = value is null || Enum.IsDefined(value.Value)
                    ? value : throw Errors.Option(nameof(Method), value, string.Join(", ", Enum.GetNames<LandmarkMethod>()) + " or null");
            }
        }

        /// <summary>
        /// The share of photographs of nothing that may be answered as a landmark, above 0 and below 1. A third of the non-landmarks is
        /// then held out of all that is learned, and <see cref="IsLandmarkColumnName"/> and the columns beside it are added. It needs at
        /// least 1 / rate - 1 non-landmarks, 19 for 0.05, and three times as many for the promise to be proved. Null: there is no verdict.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
        public double? FalseAlarmRate
        {
            get;
            init { field = StatedRate.Check(value, nameof(FalseAlarmRate)); }
        } = Defaults.FalseAlarmRate;

        /// <summary>
        /// How surely <see cref="FalseAlarmRate"/> is to hold for this very model, above 0 and below 1. Null: it holds in the mean over all
        /// models that such photographs may give; with few photographs held out, a single one may be a good deal above. With 0.95, a rate
        /// of 0.05 needs 59 non-landmarks that are held out, and one of 0.01 needs 299.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
        public double? FalseAlarmConfidence
        {
            get;
            init { field = StatedRate.Check(value, nameof(FalseAlarmConfidence)); }
        }

        /// <summary>
        /// The share of photographs of landmarks that the model does not know that may be answered, above 0 and below 1; an estimate, and
        /// no promise. It needs 8 landmarks with at least 5 rows each, and costs right answers:
        /// <see cref="LandmarkRecognizingTransformer.EstimateVerdict"/> says how many. Null: they are answered as likely as they look like
        /// one that it knows.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
        public double? UnknownLandmarkRate
        {
            get;
            init { field = StatedRate.Check(value, nameof(UnknownLandmarkRate)); }
        }

        /// <summary>
        /// Whether Fit goes on where there are too few rows for a rate, and a warning says so. Without enough non-landmarks for
        /// <see cref="FalseAlarmRate"/> and <see cref="FalseAlarmConfidence"/> the model has no verdict and none of its columns; without
        /// enough landmarks for <see cref="UnknownLandmarkRate"/> its verdict is on photographs of nothing alone.
        /// </summary>
        public bool AllowNoVerdict { get; init; }

        /// <summary>The column that is added with the verdict: Boolean, whether the row shows the landmark that is predicted; false for a
        /// missing row. Null: no such column.</summary>
        public string? IsLandmarkColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(IsLandmarkColumnName)); }
        } = "IsLandmark";

        /// <summary>The column that is added with the chance that a photograph of nothing is answered as surely: Single, above 0, up to 1;
        /// NaN for a missing row. Null: no such column.</summary>
        public string? FalseAlarmProbabilityColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(FalseAlarmProbabilityColumnName)); }
        } = "FalseAlarmProbability";

        /// <summary>The column that is added with the estimated chance that a photograph of an unknown landmark is answered as surely:
        /// Single, above 0, up to 1; NaN for a missing row, and where there are too few landmarks to estimate it by. Null: no such
        /// column.</summary>
        public string? UnknownLandmarkProbabilityColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(UnknownLandmarkProbabilityColumnName)); }
        } = "UnknownLandmarkProbability";

        /// <summary>
        /// What landmarks are called: a view with the columns Label (of the label's type, or text) and Name (text), as
        /// <see cref="LandmarksCatalog.LoadLandmarkNames"/> gives. Fit reads it. The names of the landmarks that are fitted become part of
        /// the model; a landmark may have none, and may stand there again with the same name. Null: there are no names.
        /// </summary>
        public IDataView? Names { get; init; }

        /// <summary>Told how far Fit is with the rows that it has read. Any thread may tell. It is no part of the model.</summary>
        public IProgress<LandmarkFitProgress>? FitProgress { get; init; }

        /// <summary>
        /// The penalties that <see cref="FindPenalties"/> has found of all shards of the rows that are fitted, with the same options, in
        /// any order. The model is the same, to the last byte, and Fit searches no non-landmarks for the penalties of its rows, but for a
        /// sample of them; it does so still where it cross-validates, or answers in folds. They are read once for each method that is
        /// fitted. Null: Fit searches for them.
        /// </summary>
        /// <remarks>Fit checks them as <see cref="KnnLandmarkEstimator.Options.Penalties"/> are checked: those of whitened rows, or of the
        /// others, whichever its method asks for.</remarks>
        public IEnumerable<LandmarkPenalty>? Penalties { get; init; }

        /// <summary>What the verdict is to keep; null where there is none.</summary>
        internal VerdictRates? Rates
            => FalseAlarmRate is { } rate ? new VerdictRates(rate, FalseAlarmConfidence, UnknownLandmarkRate) : null;

        internal override AnswerColumns Columns => FalseAlarmRate is null ? base.Columns : base.Columns with
        {
            IsLandmark = IsLandmarkColumnName,
            FalseAlarmProbability = FalseAlarmProbabilityColumnName,
            UnknownLandmarkProbability = UnknownLandmarkProbabilityColumnName,
        };
    }

    /// <summary>Reads the rows once, chooses how to learn from them, and learns.</summary>
    /// <param name="input">Training rows; those with the label of non-landmarks are non-landmark rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no landmark row, or no non-landmark row without <see cref="LandmarkOptions.AllowNoNonLandmarks"/>; or a landmark has two
    /// <see cref="Options.Names"/>; or <see cref="Options.Method"/> whitens, and all rows are alike; or there are too few rows for the
    /// rates that the verdict is to keep, without <see cref="Options.AllowNoVerdict"/>; or <see cref="Options.Penalties"/> are not those of
    /// the rows.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    public LandmarkRecognizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _env.Start("Recognizing landmarks");
        var fit = new LandmarkFit(_env, _options, _device, input, channel);
        return fit.Learn(_options.Method is { } method ? new ChosenMethod(method, []) : fit.Choose());
    }

    /// <summary>
    /// Fits every method to the same rows, which are read once, and of which whatever several methods need is computed once. They are
    /// fitted one by one as they are asked for; each is the caller's to dispose. Whatever <see cref="Options.Method"/> says, the one that
    /// Fit would choose comes first, with its reasons. Where all rows are alike, methods that whiten are left out.
    /// </summary>
    /// <inheritdoc cref="Fit"/>
    public IEnumerable<LandmarkRecognizingTransformer> FitAllMethods(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FitEach();

        IEnumerable<LandmarkRecognizingTransformer> FitEach()
        {
            using IChannel channel = _env.Start("Recognizing landmarks");
            var fit = new LandmarkFit(_env, _options, _device, input, channel);
            ChosenMethod chosen = fit.Choose();
            yield return fit.Learn(chosen);
            foreach (LandmarkMethod method in fit.Methods.Where(method => method != chosen.Method))
                yield return fit.Learn(new ChosenMethod(method, []));
        }
    }

    /// <summary>
    /// Finds the penalties of the landmark rows that belong to a shard, by the hash of their ids, and tells
    /// <see cref="Options.FitProgress"/> how many have theirs: where <see cref="Options.Method"/> is null those of the rows as they are,
    /// and then, where they can be whitened, those of whitened rows, of which Fit chooses; else those that the method asks for. Several
    /// processes find those of all shards, and one gives them to Fit as <see cref="Options.Penalties"/>.
    /// </summary>
    /// <param name="input">All rows that are to be fitted.</param>
    /// <param name="shard">Whose landmark rows.</param>
    /// <returns>One for each of its landmark rows, in their order, of one kind after the other; none where no row belongs to it. Rows are
    /// read, and searched for, as they are asked for, each time anew.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no <see cref="LandmarkOptions.IdColumnName"/>; or no landmark row, or no non-landmark row without
    /// <see cref="LandmarkOptions.AllowNoNonLandmarks"/>; or a landmark has two <see cref="Options.Names"/>; or
    /// <see cref="Options.Method"/> whitens, and all rows are alike; or there are too few rows for the rates that the verdict is to keep,
    /// without <see cref="Options.AllowNoVerdict"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    /// <remarks>Each process reads all rows, keeps them in memory as Fit does, and whitens them as Fit does. Nothing is
    /// cross-validated.</remarks>
    public IEnumerable<LandmarkPenalty> FindPenalties(IDataView input, LandmarkShard shard)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_options.IdColumnName is null)
            throw Errors.ShardsWithoutIds();
        return Find();

        IEnumerable<LandmarkPenalty> Find()
        {
            using IChannel channel = _env.Start("Finding penalties");
            foreach (LandmarkPenalty penalty in new LandmarkFit(_env, _options, _device, input, channel).FindPenalties(shard))
                yield return penalty;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return AnswerShape.AddTo(inputSchema, _options);
    }
}
