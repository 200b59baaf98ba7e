using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Search.Torch;
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
/// the rows as they are. Of 10 landmarks and 30 non-landmarks or more, whitened rows are tuned too. What was chosen, and why, is said by
/// <see cref="LandmarkRecognizingTransformer.Method"/> and <see cref="LandmarkRecognizingTransformer.Reasons"/>.</para>
/// <para>The answers are the bits of the two steps in a chain, fitted on the same rows with the same settings. Fit reads its input once,
/// however many rows or folds it needs: ids, labels and features stay in memory while it works, 4 bytes for each value, beside the rows of
/// the step itself.</para>
/// <para>A row with a feature that is NaN or infinite, or with no feature but 0, has no cosine. Fit leaves it out and counts it in a
/// warning; as a query it has the missing value as its prediction, and a Score of NaN.</para>
/// </remarks>
public sealed class LandmarkRecognizingEstimator : IEstimator<LandmarkRecognizingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly Options _options;
    private readonly SearchDevice? _device;
    // Promises the columns, and checks what both have in common.
    private readonly KnnLandmarkEstimator _landmarks;

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
        _landmarks = new KnnLandmarkEstimator(env, new KnnLandmarkEstimator.Options(options), nonLandmarks: null, device);
    }

    /// <summary>Settings of <see cref="LandmarkRecognizingEstimator"/>.</summary>
    /// <remarks><see cref="StepOptions.Progress"/> is told by Fit how many rows it has read, and <see cref="FitProgress"/> how far it is
    /// with them.</remarks>
    public sealed class Options : LandmarkOptions
    {
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
        /// What landmarks are called: a view with the columns Label (of the label's type, or text) and Name (text), as
        /// <see cref="LandmarksCatalog.LoadLandmarkNames"/> gives. Fit reads it. The names of the landmarks that are fitted become part of
        /// the model; a landmark may have none. Null: there are no names.
        /// </summary>
        public IDataView? Names { get; init; }

        /// <summary>Told how far Fit is with the rows that it has read. Any thread may tell. It is no part of the model.</summary>
        public IProgress<LandmarkFitProgress>? FitProgress { get; init; }
    }

    /// <summary>Reads the rows once, chooses how to learn from them, and learns.</summary>
    /// <param name="input">Training rows; those with the label of non-landmarks are non-landmark rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no landmark row, or no non-landmark row without <see cref="LandmarkOptions.AllowNoNonLandmarks"/>; or
    /// <see cref="Options.Method"/> whitens, and all rows are alike.
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

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _landmarks.GetOutputSchema(inputSchema);
}
