using Landmarks.Demo.Caching;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Shards;

/// <summary>The steps that embed, which all shards of a folder share: whichever comes first writes them, and the others compare.</summary>
internal sealed class EmbeddingSteps : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <param name="steps">The steps; disposed with this.</param>
    /// <param name="rows">The schema of the rows that they read.</param>
    public EmbeddingSteps(TransformerChain<ITransformer> steps, DataViewSchema rows) => (Steps, Rows) = (steps, rows);

    public TransformerChain<ITransformer> Steps { get; }

    /// <summary>The schema of the rows that they read.</summary>
    public DataViewSchema Rows { get; }

    /// <summary>The column of embeddings, with what its values depend on.</summary>
    public DataViewSchema.Column Embeddings => Steps.GetOutputSchema(Rows)[Embedding.Features];

    /// <summary>How many values an embedding has.</summary>
    public int Dimension => ((VectorDataViewType)Embeddings.Type).Size;

    /// <summary>What the embeddings depend on.</summary>
    public string Fingerprint => EmbeddingKeys.FingerprintOf(Embeddings)!;

    /// <summary>The instructions of the processor, by which last bits may differ; or that a GPU makes them.</summary>
    public string Processor
        => EmbeddingKeys.ProcessorOf(Steps.OfType<ImageEmbeddingTransformer>().Any(step => step.GpuDeviceId is not null));

    /// <summary>The version of ONNX Runtime.</summary>
    public static string Runtime => EmbeddingKeys.Runtime;

    private IEnumerable<(BadImageHandling BadImages, int MaxPixels)> Readings => Steps.Select(step => step switch
    {
        ImagePreparingTransformer images => (images.BadImages, images.MaxPixels),
        ImageEmbeddingTransformer network => (network.BadImages, network.MaxPixels),
        _ => default,
    });

    /// <summary>Those in a folder.</summary>
    /// <exception cref="JobFailedException">The file is missing or damaged.</exception>
    public static EmbeddingSteps Load(Session session, ShardFolder folder)
    {
        if (!File.Exists(folder.StepsFile))
            throw Errors.StepsMissing(folder.StepsFile);
        LandmarkModel model = LandmarkModel.Load(session.ML, session.Outputs.Scratch, folder.StepsFile, Errors.StepsDamaged);
        var steps = new EmbeddingSteps(new TransformerChain<ITransformer>(model.Flat), model.Schema!);
        if (!Array.Exists(model.Flat, step => step is KnnLandmarkTransformer or LandmarkRecognizingTransformer)
            && steps.Rows?.GetColumnOrNull(Embedding.Label) is not null
            && steps.Steps.GetOutputSchema(steps.Rows).GetColumnOrNull(Embedding.Features) is { } features
            && EmbeddingKeys.FingerprintOf(features) is not null)
            return steps;
        steps.Dispose();
        throw Errors.StepsDamaged(folder.StepsFile, Errors.StepsOfOtherKind);
    }

    /// <summary>Writes them into a folder, where they are not there.</summary>
    /// <exception cref="JobFailedException">Others are there.</exception>
    public void Share(Session session, ShardFolder folder)
    {
        for (; ; Wait(session.Cancellation))
        {
            bool isThere = File.Exists(folder.StepsFile);
            if (isThere && IsEnough(session, folder))
                return;
            try
            {
                using OutputFile output = session.CreateOutput(folder.StepsFile, []);
                session.Outputs.Forget(output);
                // Another process may have come first.
                if (!isThere && File.Exists(folder.StepsFile))
                    continue;
                new LandmarkModel(folder.StepsFile, Steps, Rows).Save(session, output);
                output.Commit();
                return;
            }
            catch (FileAtWorkException)
            {
                // It will be there soon.
            }
        }
    }

    public void Dispose() => Steps.Dispose();

    // What becomes of photographs that can't be read is no part of what steps compute. Where one shard skips them, a fit of all photographs
    // would: the other shards had none, or they would not be there.
    private bool IsEnough(Session session, ShardFolder folder)
    {
        using EmbeddingSteps found = Load(session, folder);
        if (found.Fingerprint != Fingerprint || !found.Readings.Select(r => r.MaxPixels).SequenceEqual(Readings.Select(r => r.MaxPixels)))
            throw Errors.OtherSteps(folder.StepsFile);
        return Readings.All(own => own.BadImages == BadImageHandling.Throw)
            || found.Readings.SequenceEqual(Readings);
    }

    private static void Wait(CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(s_pause);
        cancellation.ThrowIfCancellationRequested();
    }
}
