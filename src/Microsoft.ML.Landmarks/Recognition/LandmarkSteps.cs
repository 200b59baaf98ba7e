using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>A model and its steps, of which the last that names landmarks counts.</summary>
internal sealed class LandmarkSteps
{
    private readonly ITransformer _model;

    /// <exception cref="InvalidOperationException">No step names landmarks.</exception>
    public LandmarkSteps(ITransformer model)
    {
        _model = model;
        ITransformer[] steps = [.. Flatten(model)];
        int place = Array.FindLastIndex(steps, step => step is ILandmarkStep);
        if (place < 0)
            throw Errors.ModelWithoutLandmarkStep();
        (Step, Before) = ((ILandmarkStep)steps[place], steps[..place]);
    }

    /// <summary>The step that names landmarks.</summary>
    public ILandmarkStep Step { get; }

    /// <summary>What names them there, where that step whitens too.</summary>
    public KnnLandmarkTransformer Landmarks => (Step as LandmarkRecognizingTransformer)?.Model.Landmarks ?? (KnnLandmarkTransformer)Step;

    /// <summary>The steps before it, in their order.</summary>
    public IReadOnlyList<ITransformer> Before { get; }

    /// <summary>The steps of a model, without the chains that hold them.</summary>
    public static IEnumerable<ITransformer> Flatten(ITransformer model)
        => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    /// <summary>A model with another step in the place of the one that names landmarks, and the same steps besides, in chains as they
    /// were.</summary>
    /// <param name="step">Of the same kind.</param>
    /// <exception cref="InvalidOperationException">The model is no chain of ML.NET's.</exception>
    public ITransformer With(ITransformer step) => Replace(_model, step)!;

    private static ITransformer? Replace(ITransformer model, ITransformer step)
    {
        if (model is ILandmarkStep)
            return step;
        if (model is not IEnumerable<ITransformer> chain)
            return null;
        ITransformer[] steps = [.. chain];
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            if (Replace(steps[i], step) is not { } changed)
                continue;
            steps[i] = changed;
            return MLNetInternals.ChainLike(model, steps) ?? throw Errors.ModelOfOtherChain(model.GetType());
        }

        return null;
    }
}
