using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Jobs;

/// <summary>A model in a zip file.</summary>
internal sealed class LandmarkModel : IDisposable
{
    private readonly string _file;
    private readonly ITransformer _model;

    private LandmarkModel(string file, ITransformer model) => (_file, _model) = (file, model);

    /// <param name="ml">The context.</param>
    /// <param name="file">The zip file.</param>
    /// <param name="badImages">What becomes of a photograph that can't be read, whatever was decided when the model was fitted.</param>
    /// <exception cref="JobFailedException">The file is missing or no model.</exception>
    public static LandmarkModel Load(MLContext ml, string file, BadImageHandling badImages)
    {
        if (!File.Exists(file))
            throw Errors.FileMissing(file);
        try
        {
            return new LandmarkModel(file, WithBadImages(ml.Model.Load(file, out _), badImages));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Errors.NotAModel(file, Errors.Describe(e), e);
        }
    }

    public static void Save(Session session, ITransformer model, DataViewSchema schema, OutputFile output)
    {
        session.Cancellation.ThrowIfCancellationRequested();
        session.ML.Model.Save(model, schema, output.TemporaryPath);
    }

    /// <summary>Answers rows while they are read.</summary>
    /// <exception cref="JobFailedException">The model's steps do not fit the rows, or give no answers.</exception>
    public IDataView Transform(IDataView rows)
    {
        IDataView predictions;
        try
        {
            predictions = _model.Transform(rows);
        }
        catch (ArgumentException e)
        {
            throw Errors.NotAModel(_file, Errors.Describe(e), e);
        }

        return AnswerReader.CanRead(predictions.Schema) ? predictions : throw Errors.NotAModel(_file, "it gives no columns 'PredictedLabel' and 'Score'.");
    }

    public void Dispose() => (_model as IDisposable)?.Dispose();

    private static ITransformer WithBadImages(ITransformer model, BadImageHandling badImages) => model switch
    {
        ImagePreparingTransformer step => step.WithBadImages(badImages),
        IEnumerable<ITransformer> chain => new TransformerChain<ITransformer>([.. chain.Select(step => WithBadImages(step, badImages))]),
        _ => model,
    };
}
