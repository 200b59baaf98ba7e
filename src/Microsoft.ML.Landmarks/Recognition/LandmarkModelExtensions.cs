using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Recognition;

namespace Microsoft.ML;

/// <summary>Changes whole models: chains of steps of which one names landmarks, just fitted or loaded.</summary>
public static class LandmarkModelExtensions
{
    /// <summary>A model of these rows and others: its last step that names landmarks is changed, as
    /// <see cref="LandmarkRecognizingTransformer.With"/> or <see cref="KnnLandmarkTransformer.With"/> says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows as the model takes them, photographs say, with the columns of labels, and of ids where it was fitted with
    /// some. The steps before the one that is changed make features of them, of each once.</param>
    /// <param name="replace">Whether a row with the id of one that there is takes its place.</param>
    /// <param name="names">What landmarks are called, as <see cref="LandmarkRecognizingEstimator.Options.Names"/> says; for a model of
    /// RecognizeLandmarks.</param>
    /// <returns>A chain like the model, with the same steps besides. Each of both is disposed for itself, in any order; but a step of
    /// another library that does not work once it is disposed, as ML.NET's ApplyOnnxModel, ends with the first of them.</returns>
    /// <example>
    /// <code>
    /// ITransformer model = mlContext.Model.Load("landmarks.zip", out DataViewSchema schema);
    /// ITransformer changed = model.With(mlContext.Data.LoadLandmarkFolders("new-photos", "none"));
    /// mlContext.Model.Save(changed, schema, "landmarks-2.zip");
    /// </code>
    /// </example>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted.</exception>
    /// <exception cref="ArgumentException">An id is taken or stands twice, a landmark is new to a step of the model that makes keys of
    /// labels, or names are for a model that holds none.</exception>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in the model, or too few rows of a kind would be
    /// left.</exception>
    public static ITransformer With(this ITransformer model, IDataView rows, bool replace = false, IDataView? names = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var steps = new LandmarkSteps(model);
        IDataView features = steps.Before.Aggregate(rows, (view, step) => step.Transform(view));
        KeyedLabels.Check(steps.Before, rows, features, steps.Step.Rows);
        return steps.With(steps.Step.With(features, replace, names));
    }

    /// <summary>A model whose rows are elsewhere, in a database that other programs ask and write too: it has the bits of the model whose
    /// rows were put there, as long as they stay.</summary>
    /// <param name="model">The model: the one whose rows were put there, or one that was saved with them there.</param>
    /// <param name="index">Where the rows are. It is not disposed with the model, and may serve several.</param>
    /// <returns>A chain like the model, with the same steps besides. Saved, it holds no rows, and says where they are. What judges its
    /// answers is that of the model, and no promise any more once rows came or went.</returns>
    /// <remarks>The steps, the network and their settings are compared by fingerprints. What they make here of a few small pictures is
    /// compared with what the model has made of them whose rows were put there: the features, of unit length, may be .01 apart. That is not
    /// done where features are not made of photographs alone by steps of the model: of rows that come with their features nobody knows what
    /// made them.</remarks>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in the model; the rows were made by other steps,
    /// or by a machine that makes something else of a photograph; they have other penalties; or the model shows a score of each
    /// landmark.</exception>
    public static ITransformer WithIndex(this ITransformer model, LandmarkIndex index)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(index);
        var steps = new LandmarkSteps(model);
        ITransformer attached = steps.Step.WithIndex(index);
        ProbePhotographs.Check(steps, index);
        return steps.With(attached);
    }

    /// <summary>A model without some of its rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The ids of the rows, with a landmark or without.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no row with one of the ids.</exception>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in the model; or it was fitted without ids, or
    /// too few rows of a kind would be left.</exception>
    public static ITransformer Without(this ITransformer model, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        var steps = new LandmarkSteps(model);
        return steps.With(steps.Step.Without(ids));
    }

    /// <summary>A model without some of its landmarks.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">Their labels as text: a number as the invariant culture writes it, a key as its key value.</param>
    /// <inheritdoc cref="With" path="/returns"/>
    /// <exception cref="ArgumentException">The model has no landmark with one of the labels.</exception>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in the model, or no landmark would be
    /// left.</exception>
    public static ITransformer WithoutLandmarks(this ITransformer model, IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        var steps = new LandmarkSteps(model);
        return steps.With(steps.Step.WithoutLandmarks(labels));
    }
}
