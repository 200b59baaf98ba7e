using Landmarks.Demo.Data;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Methods;

/// <summary>A model that names landmarks, fitted or from a zip file.</summary>
internal sealed class LandmarkModel : IDisposable
{
    private readonly string _name;
    private IndexServers? _servers;

    /// <param name="name">What messages call the model.</param>
    /// <param name="steps">What it does; disposed with the model.</param>
    /// <param name="schema">The schema of the rows that it was fitted to; null where that is not known.</param>
    public LandmarkModel(string name, TransformerChain<ITransformer> steps, DataViewSchema? schema = null)
        => (_name, Steps, Schema) = (name, steps, schema);

    /// <summary>What it does.</summary>
    public TransformerChain<ITransformer> Steps { get; }

    /// <summary>The schema of the rows that it was fitted to; null where that is not known.</summary>
    public DataViewSchema? Schema { get; }

    /// <summary>What it does, step by step.</summary>
    public ITransformer[] Flat => [.. Flatten(Steps)];

    /// <summary>The step that names landmarks.</summary>
    /// <exception cref="JobFailedException">There is none that fit makes.</exception>
    public BatchTransformer Landmarks => (BatchTransformer)Flat[FindLandmarks()];

    /// <summary>The steps before it, which make embeddings of photographs.</summary>
    /// <inheritdoc cref="Landmarks"/>
    public IReadOnlyList<ITransformer> StepsBefore => Flat[..FindLandmarks()];

    /// <summary>Whether a step of its own whitens what is voted by.</summary>
    /// <inheritdoc cref="Landmarks"/>
    public bool Whitens => StepsBefore.OfType<WhiteningTransformer>().Any();

    /// <summary>What holds its rows, where they are in a database and attached; null where they are in memory.</summary>
    public PostgresLandmarkIndex? Index { get; private set; }

    /// <summary>What it consists of.</summary>
    /// <inheritdoc cref="Landmarks"/>
    public LandmarkModelInfo Describe()
    {
        FindLandmarks();
        return LandmarkModelInfo.Of(Steps);
    }

    /// <summary>What it consists of, and whether it is of the plain method, where fit makes such models, or did: of a network, whose
    /// images may be prepared by a step of their own, of one that whitens, or not, and of the one that names landmarks.</summary>
    /// <exception cref="JobFailedException">It is something else.</exception>
    public (LandmarkModelInfo Info, bool IsPlain) DescribeFit()
    {
        LandmarkModelInfo info = Describe();
        ITransformer landmarks = Landmarks, other = Flat.FirstOrDefault(step => step != landmarks
            && step is not (ImagePreparingTransformer or ImageEmbeddingTransformer or WhiteningTransformer), landmarks);
        if (other != landmarks || info.Networks is not [{ Preparation: not null }])
            throw Errors.NotLikeFit(_name, other == landmarks ? null : other.GetType().Name);
        return (info, info.Method is null && !Whitens);
    }

    /// <summary>The most bytes that one takes: the steps that embed, the rows, and the axes that they are whitened by.</summary>
    /// <param name="steps">Bytes of the steps, almost all of which are the network's.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="dimension">Values of a row.</param>
    public static long MostBytes(long steps, long rows, long dimension)
        => steps + (rows + Math.Min(Math.Min(dimension, rows), WhiteningEstimator.Defaults.Dimension)) * dimension * sizeof(float);

    /// <summary>Loads a model.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="file">The zip file.</param>
    /// <exception cref="JobFailedException">The file is missing or no model, or the temporary folder can't be used.</exception>
    public static LandmarkModel Load(Session session, string file) => Load(session.ML, session.Outputs.Scratch, file);

    /// <param name="ml">What it works with.</param>
    /// <param name="scratch">Takes what is unpacked.</param>
    /// <param name="file">The zip file.</param>
    /// <param name="notAModel">What is told of a file that is none, by its name and the reason; null for that it is no model.</param>
    /// <inheritdoc cref="Load(Session, string)"/>
    public static LandmarkModel Load(MLContext ml, ScratchFolder scratch, string file,
        Func<string, string, Exception, JobFailedException>? notAModel = null)
    {
        if (!File.Exists(file))
            throw Errors.FileMissing(file);
        scratch.Require();
        try
        {
            ITransformer steps = ml.Model.Load(file, out DataViewSchema? schema);
            return new LandmarkModel(file, new TransformerChain<ITransformer>(steps), schema);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            string reason = Errors.Describe(e);
            throw reason.Contains(scratch.Path, StringComparison.Ordinal)
                ? Errors.TemporaryFolder(scratch.Path, reason, e) : (notAModel ?? Errors.NotAModel)(file, reason, e);
        }
    }

    /// <summary>Loads a model that is to answer: with its rows, or with an index that has them.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="file">The zip file.</param>
    /// <param name="index">The schema that holds its rows; null where they are in the file.</param>
    /// <param name="hnsw">How many rows of a query its HNSW index proposes, of which the terminal is told what that finds; null where all
    /// are searched.</param>
    /// <exception cref="JobFailedException">The file is missing or no model, or its rows are neither in it nor named; or the temporary
    /// folder can't be used.</exception>
    /// <exception cref="InvalidOperationException">There is no such index, or it is another model's; or nobody has measured what so many
    /// proposed rows find.</exception>
    public static LandmarkModel Load(Session session, string file, string? index, int? hnsw = null)
    {
        LandmarkModel model = Load(session, file).WithRows(index, session.Cancellation, hnsw);
        if (model.Index?.Recall is { } recall)
            session.Terminal.WriteLine(RecallSummary.InShort(recall));
        return model;
    }

    /// <summary>The model with its rows, which it had to have where no index is named. On a failure it is disposed.</summary>
    /// <param name="index">The schema that holds its rows; null where they are in the file.</param>
    /// <param name="cancellation">Ends waiting for a server.</param>
    /// <param name="hnsw">How many rows of a query its HNSW index proposes; null where all are searched.</param>
    /// <inheritdoc cref="Load(Session, string, string?, int?)"/>
    public LandmarkModel WithRows(string? index, CancellationToken cancellation, int? hnsw = null)
    {
        try
        {
            if (index is not null)
                return Attach(index, hnsw, cancellation);
            if (FindLandmarksOrNone() >= 0 && Describe() is { IndexKind: { } kind, IndexName: { } name })
                throw Errors.RowsElsewhere(_name, kind, name);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Refuses a model whose rows are elsewhere, where they are to be changed in its file.</summary>
    /// <exception cref="JobFailedException">They are, or no step of it names landmarks.</exception>
    public void RequireOwnRows()
    {
        if (Describe() is { IndexKind: { } kind, IndexName: { } name })
            throw Errors.ChangedElsewhere(_name, kind, name);
    }

    /// <summary>The same model with its rows in an index; the one with those of its file is used no more.</summary>
    /// <param name="index">The index, which stays the caller's.</param>
    public LandmarkModel At(PostgresLandmarkIndex index)
    {
        var attached = new LandmarkModel(_name, new TransformerChain<ITransformer>(Steps.WithIndex(index)), Schema) { Index = index };
        Landmarks.Dispose();
        return attached;
    }

    /// <summary>Has it skip photographs that it can't read, whatever was decided when it was fitted.</summary>
    /// <param name="maxPixels">The most pixels of a photograph; null: what was decided then.</param>
    public void SkipUnreadable(int? maxPixels) => UnreadablePhotographs.Skip(Steps, maxPixels);

    /// <param name="session">The job's session.</param>
    /// <param name="output">Where to.</param>
    /// <param name="schema">The schema of the rows that the model was fitted to; null for that with which it was loaded.</param>
    public void Save(Session session, OutputFile output, DataViewSchema? schema = null)
        => Save(session.ML, session.Outputs.Scratch, output, schema);

    /// <param name="ml">What it works with.</param>
    /// <param name="scratch">Takes what is packed.</param>
    /// <param name="output">Where to.</param>
    /// <param name="schema">The schema of the rows that the model was fitted to; null for that with which it was loaded.</param>
    public void Save(MLContext ml, ScratchFolder scratch, OutputFile output, DataViewSchema? schema = null)
    {
        scratch.Require();
        ml.Model.Save(Steps, schema ?? Schema, output.Stream);
    }

    /// <summary>The type of the labels of its landmarks; null where it does not predict them in the column that fit has for it.</summary>
    /// <param name="embedded">The schema of rows with their embeddings.</param>
    /// <inheritdoc cref="Landmarks"/>
    public DataViewType? LabelType(DataViewSchema embedded) => Landmarks.GetOutputSchema(embedded).GetColumnOrNull("PredictedLabel")?.Type;

    /// <summary>The step that names landmarks, with more rows.</summary>
    /// <param name="rows">Id, Label and embeddings.</param>
    /// <param name="replaces">Whether they take the place of those with their ids.</param>
    /// <param name="names">Names of landmarks; null for no more than there are.</param>
    /// <exception cref="JobFailedException">The model is of a method that knows no names.</exception>
    public BatchTransformer With(IDataView rows, bool replaces, IDataView? names)
        => names is not null && Landmarks is KnnLandmarkTransformer ? throw Errors.NamesOfPlainModel(_name)
            : (BatchTransformer)Landmarks.With(rows, replaces, names);

    /// <summary>The step that names landmarks, without some of its rows.</summary>
    /// <param name="ids">The ids of rows.</param>
    /// <param name="labels">The labels of landmarks.</param>
    public BatchTransformer Without(IReadOnlyList<string> ids, IReadOnlyList<string> labels)
    {
        if (ids.Count == 0)
            return (BatchTransformer)Landmarks.WithoutLandmarks(labels);
        // Photographs first: they may be all that a landmark has, and it is none then.
        var rest = (BatchTransformer)Landmarks.Without(ids);
        string[] left = [.. LandmarkModelInfo.Of(rest).Landmarks.Select(landmark => landmark.Label).Intersect(labels)];
        if (left.Length == 0)
            return rest;
        using (rest)
            return (BatchTransformer)rest.WithoutLandmarks(left);
    }

    /// <summary>The same model with another step that names landmarks; the other steps are those of this one.</summary>
    public LandmarkModel Replacing(BatchTransformer landmarks)
        => new(_name, new TransformerChain<ITransformer>([.. StepsBefore, landmarks, .. Flat[(FindLandmarks() + 1)..]]), Schema);

    /// <summary>What answers photographs by the model, and skips those that it can't read.</summary>
    /// <param name="session">The job's session, which ends it when it is cancelled.</param>
    /// <param name="settings">The rates of its verdict.</param>
    /// <exception cref="JobFailedException">The model takes no photographs, or names no landmarks.</exception>
    /// <exception cref="InvalidOperationException">It has no verdict at such a rate.</exception>
    public LandmarkRecognizer CreateRecognizer(Session session, PredictSettings settings)
    {
        LandmarkRecognizer recognizer = CreateRecognizer(session);
        if (settings.FalseAlarmRate is { } falseAlarms)
            recognizer.FalseAlarmRate = falseAlarms;
        if (settings.UnknownLandmarkRate is { } unknownLandmarks)
            recognizer.UnknownLandmarkRate = unknownLandmarks;
        return recognizer;
    }

    /// <summary>What answers photographs by the model as it is.</summary>
    /// <inheritdoc cref="CreateRecognizer(Session, PredictSettings)"/>
    public LandmarkRecognizer CreateRecognizer(Session session)
    {
        session.EndWhenCanceled(Steps);
        return CreateRecognizer(session.ML);
    }

    /// <param name="ml">What it works with.</param>
    /// <inheritdoc cref="CreateRecognizer(Session, PredictSettings)"/>
    public LandmarkRecognizer CreateRecognizer(MLContext ml)
    {
        // As fit has it.
        DataViewSchema schema = Schema ?? ml.Data.LoadFromEnumerable(Enumerable.Empty<PhotoRow>()).Schema;
        try
        {
            return new LandmarkRecognizer(ml, Steps, schema) { BadImages = BadImageHandling.Skip };
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Errors.NotAModel(_name, Errors.Describe(e), e);
        }
    }

    public void Dispose()
    {
        Steps.Dispose();
        _servers?.Dispose();
    }

    private LandmarkModel Attach(string index, int? hnsw, CancellationToken cancellation)
    {
        FindLandmarks();
        var servers = IndexServers.Open();
        try
        {
            PostgresLandmarkIndex rows = servers.Attach(index, cancellation);
            LandmarkModel attached
                = At(hnsw is { } candidates ? servers.Ask(_ => rows.WithHnswAsync(candidates, cancellation)) : rows);
            attached._servers = servers;
            return attached;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    private int FindLandmarksOrNone()
        => Array.FindLastIndex(Flat, step => step is KnnLandmarkTransformer or LandmarkRecognizingTransformer);

    private int FindLandmarks()
        => FindLandmarksOrNone() is >= 0 and var place ? place : throw Errors.NotAModel(_name, Errors.NoLandmarkStep);
}
