using System.Runtime.CompilerServices;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML;

/// <summary>
/// Names the landmarks in photographs by a model, for programs that want no <see cref="IDataView"/>. Its answers are those of the model's
/// chain, bit for bit, with all that can be told of them.
/// </summary>
/// <remarks>
/// Safe for use by several threads. Models may be of <c>landmarks fit</c> or of a program's own, of any format that this library reads: a
/// chain of steps that takes photographs in one column, whatever its name, and names landmarks. Where another step than this library's does
/// that, in the columns PredictedLabel and Score, answers tell no more than these. What photographs are prepared in is kept for the next
/// ones, for as many as were asked at once, but no more than 64; files and what is decoded of them is not.
/// </remarks>
/// <example>
/// <code>
/// using LandmarkRecognizer recognizer = LandmarkRecognizer.Load("landmarks.zip");
/// LandmarkAnswer answer = recognizer.Recognize("photo.jpg");
/// Console.WriteLine(answer.IsLandmark == false ? "no landmark" : answer.Name);
/// </code>
/// </example>
public sealed class LandmarkRecognizer : IDisposable
{
    // Enough for all cores, and few enough to hold and to wait for. The first are fewer: their answers come at once.
    private const int LargestGroup = 32;

    private readonly MLContext _mlContext;
    private readonly ITransformer _model;
    private readonly bool _ownsModel;
    private readonly ITransformer[] _steps;
    private readonly DataViewSchema _schema;
    private readonly string _photographs;
    private readonly LandmarkRecognizingTransformer? _verdict;
    private readonly Lazy<IReadOnlyList<LandmarkInfo>> _landmarks;
    private readonly Lock _settings = new();
    private volatile RecognizingChain _chain;
    private volatile bool _isDisposed;

    /// <summary>Asks a model that is at hand, one that was just fitted, say.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="model">The model; it is not disposed with the recognizer.</param>
    /// <param name="inputSchema">The schema of the rows that it was fitted to.</param>
    /// <exception cref="InvalidOperationException">The model takes no photographs, or names no landmarks.</exception>
    public LandmarkRecognizer(MLContext mlContext, ITransformer model, DataViewSchema inputSchema)
        : this(mlContext, model, inputSchema, ownsModel: false)
    {
    }

    private LandmarkRecognizer(MLContext mlContext, ITransformer model, DataViewSchema inputSchema, bool ownsModel)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(model);
        (_mlContext, _model, _ownsModel) = (mlContext, model, ownsModel);
        _schema = inputSchema ?? throw Errors.ModelWithoutSchema();
        _steps = [.. LandmarkSteps.Flatten(model)];
        _chain = CreateChain();
        _photographs = PhotographColumn.Find(_steps, _chain.InputsOf(_schema));
        ILandmarkStep? landmarks = _steps.OfType<ILandmarkStep>().LastOrDefault();
        _verdict = landmarks as LandmarkRecognizingTransformer;
        Names = landmarks?.Names ?? new Dictionary<string, string>();
        _landmarks = new Lazy<IReadOnlyList<LandmarkInfo>>(() => landmarks is null ? [] : LandmarkInfo.Of(landmarks));
    }

    /// <summary>What becomes of a photograph that can't be read: <see cref="BadImageHandling.Throw"/>, or
    /// <see cref="BadImageHandling.Skip"/>, an answer with <see cref="LandmarkAnswer.Error"/>. A step of others that reads files itself, as
    /// ML.NET's LoadImages does, throws its own exception in either case.</summary>
    /// <exception cref="ArgumentException">It is none of the two.</exception>
    public BadImageHandling BadImages
    {
        get;
        set { field = Enum.IsDefined(value) ? value : throw Errors.Option(nameof(BadImages), value, "Throw or Skip"); }
    } = BadImageHandling.Throw;

    /// <summary>How many landmarks <see cref="LandmarkAnswer.Top"/> has at most, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int NumberOfTopLandmarks
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_settings)
            {
                field = value;
                _chain = CreateChain();
            }
        }
    } = 5;

    /// <summary>
    /// The share of photographs of nothing that may be answered as a landmark, above 0 and below 1; null where the model has no verdict. It
    /// is that of the model, and counts for the answers that are asked for from then on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and below 1.</exception>
    /// <exception cref="InvalidOperationException">Too few photographs were held out for it, or the model has no verdict.</exception>
    public double? FalseAlarmRate
    {
        get => _verdict?.FalseAlarmRate;
        set => RequireVerdict().FalseAlarmRate = value;
    }

    /// <summary>The share of photographs of unknown landmarks that may be answered, above 0 and below 1, as estimated; null: those are not
    /// looked at.</summary>
    /// <inheritdoc cref="FalseAlarmRate"/>
    public double? UnknownLandmarkRate
    {
        get => _verdict?.UnknownLandmarkRate;
        set => RequireVerdict().UnknownLandmarkRate = value;
    }

    /// <summary>The names of landmarks by their labels as text, to begin with those in the model.</summary>
    public IReadOnlyDictionary<string, string> Names
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>The landmarks that the model knows, in the order in which they came; none where a step of others names landmarks.</summary>
    public IReadOnlyList<LandmarkInfo> Landmarks => _landmarks.Value;

    /// <summary>Loads a model.</summary>
    /// <param name="modelFile">The zip file, as <c>landmarks fit</c> or <c>mlContext.Model.Save</c> writes it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no model, or a damaged one.</exception>
    /// <exception cref="InvalidOperationException">The model takes no photographs, or names no landmarks.</exception>
    public static LandmarkRecognizer Load(string modelFile) => Load(new MLContext(), modelFile);

    /// <param name="mlContext">The context; it says on which device the model works.</param>
    /// <param name="modelFile">The zip file, as <c>landmarks fit</c> or <c>mlContext.Model.Save</c> writes it.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static LandmarkRecognizer Load(MLContext mlContext, string modelFile)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        ITransformer model = mlContext.Model.Load(modelFile, out DataViewSchema schema);
        return Own(mlContext, model, schema);
    }

    /// <summary>Loads a model whose rows are elsewhere, as <see cref="LandmarkModelExtensions.WithIndex"/> says.</summary>
    /// <param name="modelFile">The zip file.</param>
    /// <param name="index">Where the rows are; it is not disposed with the recognizer.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no model, or a damaged one.</exception>
    /// <exception cref="InvalidOperationException">The model takes no photographs, or names no landmarks; or the rows are those of another
    /// model.</exception>
    public static LandmarkRecognizer Load(string modelFile, LandmarkIndex index) => Load(new MLContext(), modelFile, index);

    /// <param name="mlContext">The context; it says on which device the model works.</param>
    /// <param name="modelFile">The zip file.</param>
    /// <param name="index">Where the rows are; it is not disposed with the recognizer.</param>
    /// <inheritdoc cref="Load(string, LandmarkIndex)"/>
    public static LandmarkRecognizer Load(MLContext mlContext, string modelFile, LandmarkIndex index)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        ArgumentNullException.ThrowIfNull(index);
        ITransformer model = mlContext.Model.Load(modelFile, out DataViewSchema schema);
        ITransformer attached;
        try
        {
            attached = model.WithIndex(index);
        }
        catch
        {
            (model as IDisposable)?.Dispose();
            throw;
        }

        (new LandmarkSteps(model).Step as IDisposable)?.Dispose();
        return Own(mlContext, attached, schema);
    }

    /// <summary>Loads a model.</summary>
    /// <param name="model">The bytes of the zip file: all of a stream that seeks, wherever it stands, and what is left of another. It is
    /// left open.</param>
    /// <exception cref="InvalidOperationException">The model takes no photographs, or names no landmarks.</exception>
    public static LandmarkRecognizer Load(Stream model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var mlContext = new MLContext();
        return Own(mlContext, mlContext.Model.Load(model, out DataViewSchema schema), schema);
    }

    /// <summary>Answers a photograph.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidDataException">It can't be read, and <see cref="BadImages"/> is
    /// <see cref="BadImageHandling.Throw"/>; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The model takes photographs in another form.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer is disposed.</exception>
    public LandmarkAnswer Recognize(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return OrThrow(Ask([path]).First());
    }

    /// <param name="photograph">The bytes of its file.</param>
    /// <inheritdoc cref="Recognize(string)"/>
    // So that [] is no paths, and not the bytes of a file.
    [OverloadResolutionPriority(-1)]
    public LandmarkAnswer Recognize(byte[] photograph)
    {
        ArgumentNullException.ThrowIfNull(photograph);
        return OrThrow(Ask(PhotographView.Of(_schema, _photographs, [photograph]))[0]);
    }

    /// <param name="photograph">The bytes of its file, from where the stream stands to its end; the stream is left open.</param>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <inheritdoc cref="Recognize(string)"/>
    public LandmarkAnswer Recognize(Stream photograph)
    {
        ArgumentNullException.ThrowIfNull(photograph);
        return Recognize(FileBytes.ReadAll(photograph));
    }

    /// <summary>Answers photographs that were received: all are decoded side by side, and the network and the search work on many at once.
    /// </summary>
    /// <param name="photographs">The bytes of their files.</param>
    /// <param name="cancellation">Ends it: after the photographs that are being decoded, and in the midst of a network's run.</param>
    /// <returns>An answer for each, in order.</returns>
    /// <exception cref="ArgumentException">One is null.</exception>
    /// <exception cref="InvalidDataException">One can't be read, and <see cref="BadImages"/> is
    /// <see cref="BadImageHandling.Throw"/>.</exception>
    /// <exception cref="InvalidOperationException">The model takes photographs in another form.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer is disposed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    // So that [] is no paths, which is as well.
    [OverloadResolutionPriority(-1)]
    public IReadOnlyList<LandmarkAnswer> Recognize(IReadOnlyList<byte[]> photographs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(photographs);
        if (photographs.Contains(null))
            throw Errors.NoPhotograph(nameof(photographs), "bytes");
        return [.. photographs.Chunk(LargestGroup)
            .SelectMany(group => Ask(PhotographView.Of(_schema, _photographs, group), cancellation)).Select(OrThrow)];
    }

    /// <summary>Answers photographs.</summary>
    /// <param name="paths">Their paths.</param>
    /// <returns>An answer for each, in order.</returns>
    /// <exception cref="ArgumentException">A path is null.</exception>
    /// <exception cref="InvalidDataException">One can't be read, and <see cref="BadImages"/> is <see cref="BadImageHandling.Throw"/>; the
    /// message names it.</exception>
    /// <exception cref="InvalidOperationException">The model takes photographs in another form.</exception>
    /// <exception cref="ObjectDisposedException">The recognizer is disposed.</exception>
    public IReadOnlyList<LandmarkAnswer> Recognize(ReadOnlySpan<string> paths)
        => [.. paths.ToArray().Chunk(LargestGroup).SelectMany(Ask).Select(OrThrow)];

    /// <summary>
    /// Answers photographs while later ones are not read yet: as many at once as suit the machine, the first alone. Nothing is read before
    /// the first answer is asked for, nor after the last one that is.
    /// </summary>
    /// <param name="paths">Their paths.</param>
    /// <returns>
    /// An answer for each, in order. Where one can't be read and <see cref="BadImages"/> is <see cref="BadImageHandling.Throw"/>, the
    /// answers before it come first.
    /// </returns>
    /// <inheritdoc cref="Recognize(ReadOnlySpan{string})"/>
    public IEnumerable<LandmarkAnswer> Recognize(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Follow(paths);
    }

    /// <summary>Frees what a loaded model holds outside of .NET's memory, once nothing is at work with it. No photograph is answered
    /// afterwards.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (_ownsModel)
            (_model as IDisposable)?.Dispose();
    }

    private static LandmarkRecognizer Own(MLContext mlContext, ITransformer model, DataViewSchema inputSchema)
    {
        try
        {
            return new LandmarkRecognizer(mlContext, model, inputSchema, ownsModel: true);
        }
        catch
        {
            (model as IDisposable)?.Dispose();
            throw;
        }
    }

    private LandmarkRecognizingTransformer RequireVerdict() => _verdict ?? throw Errors.ModelWithoutVerdict();

    private RecognizingChain CreateChain() => RecognizingChain.Of(_mlContext, _steps, NumberOfTopLandmarks);

    private IEnumerable<LandmarkAnswer> Follow(IEnumerable<string> paths)
    {
        using IEnumerator<string> rest = paths.GetEnumerator();
        for (int size = 1; ; size = Math.Min(2 * size, LargestGroup))
        {
            List<string> group = [];
            while (group.Count < size && rest.MoveNext())
                group.Add(rest.Current);
            if (group.Count == 0)
                yield break;
            foreach (LandmarkAnswer answer in Ask(group))
                yield return OrThrow(answer);
        }
    }

    private IEnumerable<LandmarkAnswer> Ask(IReadOnlyList<string> paths)
    {
        if (paths.Contains(null))
            throw Errors.NoPhotograph(nameof(paths), "path");
        return Ask(PhotographView.Of(_schema, _photographs, paths)).Zip(paths, (answer, path) => answer with { Id = path });
    }

    private IReadOnlyList<LandmarkAnswer> Ask(PhotographView photographs, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        IReadOnlyDictionary<string, string> names = Names;
        return _chain.Ask(photographs, label => names.GetValueOrDefault(label, label), cancellation);
    }

    private LandmarkAnswer OrThrow(LandmarkAnswer answer)
        => answer.Error is { } reason && BadImages == BadImageHandling.Throw ? throw Errors.UnreadableImage(reason) : answer;
}
