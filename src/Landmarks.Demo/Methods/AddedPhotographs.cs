using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;
using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>Photographs that are to come to the rows of a model, wherever these are.</summary>
internal sealed class AddedPhotographs : IDisposable
{
    private readonly TrainingData _data;
    private readonly Embedding _embedding;

    /// <summary>Tells what is to be added.</summary>
    /// <param name="session">The job's session.</param>
    /// <param name="model">The model, whose steps make embeddings of them.</param>
    /// <param name="nonLandmarkLabel">The label of its rows without a landmark.</param>
    /// <param name="data">The photographs.</param>
    /// <param name="settings">How they are read.</param>
    /// <exception cref="JobFailedException">Their labels are of another kind than the model's.</exception>
    public AddedPhotographs(Session session, LandmarkModel model, string nonLandmarkLabel, TrainingData data, AddSettings settings)
    {
        _embedding = Embedding.Of(session, model, settings);
        try
        {
            DataViewSchema embedded = _embedding.Steps.GetOutputSchema(data.Rows.Schema);
            if (embedded[Embedding.Label].Type is var type && type != data.Rows.Schema[Embedding.Label].Type)
                throw Errors.LabelsOfItsOwn(settings.Model, $"{type}");
            _data = data.LabeledAs(session.ML, model.LabelType(embedded), nonLandmarkLabel, settings.Model);
            session.Terminal.WriteLine($"Adding {_data.Counts.Describe()} to {FittedStep.Of(model.Landmarks).Rows}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Their embeddings, which are made as they are read.</summary>
    /// <param name="board">Shows how far that is.</param>
    public IDataView Embed(IProgressBoard board) => _embedding.Transform(_data.Rows, board.Add("Photographs", _data.Counts.All));

    public void Dispose() => _embedding.Dispose();
}
