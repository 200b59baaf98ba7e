using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>The steps of a model, of which the one that names landmarks shows all of its answers. Safe for several threads.</summary>
internal sealed class RecognizingChain
{
    // As ML.NET's own steps call them.
    private static readonly AnswerColumns s_columnsOfOthers = new() { PredictedLabel = "PredictedLabel", Score = "Score" };

    // Those of two groups of photographs at once, which is more than most programs ask.
    private const int MostSpares = 64;

    private readonly MLContext _mlContext;
    private readonly ITransformer[] _steps;
    // Of each step, for all questions. What is decoded at once has one bound therefore; and prepared images, tens of MB of a group, are
    // kept for the next question, since the collector would not get them back at once.
    private readonly StepBuffers[] _buffers;
    // Prepared images are a MB each, and of each step two batches are in work. Smaller batches leave no core without work: while one goes
    // through the network, the next is decoded.
    private readonly int _imagesAtOnce;
    private readonly AnswerColumns _columns;
    private readonly bool _isOfOthers;

    private RecognizingChain(MLContext mlContext, ITransformer[] steps, AnswerColumns columns, bool isOfOthers)
    {
        (_mlContext, _steps, _columns, _isOfOthers) = (mlContext, steps, columns, isOfOthers);
        _buffers = [.. steps.Select(_ => new StepBuffers(MostSpares))];
        _imagesAtOnce = steps.OfType<ImageEmbeddingTransformer>().Select(step => step.ImagesInGroup).Append(Environment.ProcessorCount)
            .Max();
    }

    /// <param name="mlContext">The context.</param>
    /// <param name="steps">The steps of a model.</param>
    /// <param name="numberOfTopLandmarks">How many landmarks an answer ranks.</param>
    public static RecognizingChain Of(MLContext mlContext, IEnumerable<ITransformer> steps, int numberOfTopLandmarks)
    {
        ITransformer[] shown = [.. steps];
        int place = Array.FindLastIndex(shown, step => step is ILandmarkStep);
        if (place < 0)
            return new RecognizingChain(mlContext, shown, s_columnsOfOthers, isOfOthers: true);
        var landmarks = (ILandmarkStep)shown[place];
        AnswerColumns columns = ShowAll(landmarks.Columns, numberOfTopLandmarks);
        shown[place] = landmarks.Showing(columns);
        return new RecognizingChain(mlContext, shown, columns, isOfOthers: false);
    }

    /// <summary>Answers photographs.</summary>
    /// <returns>An answer for each in order, without an id; of one that could not be read, the reason.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LandmarkAnswer> Ask(PhotographView photographs, Func<string, string> nameOf, CancellationToken cancellation)
    {
        var skipped = new SkippedPhotographs();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            [cancellation, .. _steps.OfType<BatchTransformer>().Select(step => step.CancellationToken)]);
        ITransformer[] steps = [.. _steps.Zip(_buffers, (step, buffers) => Skipping(step, skipped, buffers, ending.Token))];
        try
        {
            return Read(Transform(photographs, steps), skipped, nameOf);
        }
        // With the caller's own token: by that, a task tells that it was cancelled and did not fail.
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        finally
        {
            // Those of this question; the network stays with the model.
            foreach (IDisposable step in steps.Except(_steps).OfType<IDisposable>())
                step.Dispose();
            foreach (StepBuffers buffers in _buffers)
                buffers.Images.Clear();
        }
    }

    /// <summary>The columns of the input that answers are made of.</summary>
    /// <exception cref="InvalidOperationException">There are no answers, or they are not made row by row.</exception>
    public DataViewSchema.Column[] InputsOf(DataViewSchema schema)
    {
        ITransformer chain = new TransformerChain<ITransformer>(_steps);
        if (!chain.IsRowToRowMapper)
            throw Errors.ModelOfOtherRows();
        IRowToRowMapper mapper = chain.GetRowToRowMapper(schema);
        DataViewSchema made = mapper.OutputSchema;
        if (!HasAnswers(made))
            throw Errors.ModelWithoutAnswers(_columns.PredictedLabel, _columns.Score);
        return [.. mapper.GetDependencies([made[_columns.PredictedLabel], made[_columns.Score]])];
    }

    private static IDataView Transform(PhotographView photographs, IEnumerable<ITransformer> steps)
    {
        try
        {
            return steps.Aggregate((IDataView)photographs, (rows, step) => step.Transform(rows));
        }
        // The schema of a fitted model fits but for its photographs, which may be of another type.
        catch (ArgumentException e)
        {
            throw Errors.ModelOfOtherPhotographs(photographs.Given, e);
        }
    }

    private static AnswerColumns ShowAll(AnswerColumns own, int numberOfTopLandmarks)
    {
        bool isRanked = numberOfTopLandmarks > 0;
        return own with
        {
            Neighbors = own.Neighbors ?? Name(nameof(own.Neighbors)),
            NeighborScores = own.NeighborScores ?? Name(nameof(own.NeighborScores)),
            NeighborLabels = own.NeighborLabels ?? Name(nameof(own.NeighborLabels)),
            NeighborPenalties = own.NeighborPenalties ?? Name(nameof(own.NeighborPenalties)),
            QueryPenalty = own.QueryPenalty ?? Name(nameof(own.QueryPenalty)),
            NonLandmarkNeighbors = own.NonLandmarkNeighbors ?? Name(nameof(own.NonLandmarkNeighbors)),
            NonLandmarkNeighborScores = own.NonLandmarkNeighborScores ?? Name(nameof(own.NonLandmarkNeighborScores)),
            TopLabels = isRanked ? own.TopLabels ?? Name(nameof(own.TopLabels)) : null,
            TopScores = isRanked ? own.TopScores ?? Name(nameof(own.TopScores)) : null,
            IsLandmark = own.IsLandmark ?? Name(nameof(own.IsLandmark)),
            FalseAlarmProbability = own.FalseAlarmProbability ?? Name(nameof(own.FalseAlarmProbability)),
            UnknownLandmarkProbability = own.UnknownLandmarkProbability ?? Name(nameof(own.UnknownLandmarkProbability)),
            NumberOfTopLandmarks = numberOfTopLandmarks,
        };

        // No column of the model's is hidden by such a name.
        static string Name(string part) => $"{nameof(LandmarkRecognizer)}.{part}";
    }

    // A step of its own for each question, since what it skips is told to one, and one may be cancelled alone.
    private ITransformer Skipping(ITransformer step, SkippedPhotographs skipped, StepBuffers buffers, CancellationToken cancellation)
    {
        switch (step)
        {
            case ImagePreparingTransformer preparing:
                preparing = preparing.WithBadImages(BadImageHandling.Skip);
                (preparing.SkippedImages, preparing.LentBuffers, preparing.CancellationToken) = (skipped, buffers, cancellation);
                preparing.BatchSize = _imagesAtOnce;
                return preparing;
            case ImageEmbeddingTransformer embedding:
                embedding = embedding.WithBadImages(BadImageHandling.Skip);
                (embedding.SkippedImages, embedding.LentBuffers, embedding.CancellationToken) = (skipped, buffers, cancellation);
                // What it prepares itself, it prepares a few at a time.
                if (!embedding.Settings.TakesPhotographs)
                    embedding.BatchSize = _imagesAtOnce;
                return embedding;
            default:
                return step;
        }
    }

    private bool HasAnswers(DataViewSchema schema)
        => schema.GetColumnOrNull(_columns.PredictedLabel) is { Type: PrimitiveDataViewType }
        && schema.GetColumnOrNull(_columns.Score) is { } score
        && ((score.Type as VectorDataViewType)?.ItemType ?? score.Type) == NumberDataViewType.Single;

    private List<LandmarkAnswer> Read(IDataView view, SkippedPhotographs skipped, Func<string, string> nameOf)
    {
        // Labels of steps of others may be of any type.
        if (!LabelReader.IsAllowed(view.Schema[_columns.PredictedLabel].Type))
        {
            view = _mlContext.Transforms.Conversion.ConvertType(_columns.PredictedLabel, outputKind: DataKind.String).Fit(view)
                .Transform(view);
        }

        IEnumerable<string?> names = [.. _columns.Added.Select(column => column.Name),
            _columns.IsLandmark, _columns.FalseAlarmProbability, _columns.UnknownLandmarkProbability];
        IEnumerable<DataViewSchema.Column> columns = names.OfType<string>().Select(view.Schema.GetColumnOrNull)
            .OfType<DataViewSchema.Column>();
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        var reader = new AnswerReader(cursor, _columns, _isOfOthers, nameOf);
        List<LandmarkAnswer> answers = [];
        while (cursor.MoveNext())
            answers.Add(skipped.ReasonOf(answers.Count) is { } reason ? new LandmarkAnswer { Error = reason } : reader.Read());
        return answers;
    }
}
