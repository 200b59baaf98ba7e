using System.Diagnostics;
using Landmarks.Demo.Data;
using Landmarks.Demo.Sessions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Methods;

/// <summary>Tries a network on black images.</summary>
internal static class NetworkTrial
{
    // As many at once as keep all cores at work; for so long.
    private static readonly int s_images = 2 * Environment.ProcessorCount;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1);

    /// <exception cref="WrongArgumentException">The image size is not the network's.</exception>
    /// <exception cref="JobFailedException">The network takes no squares.</exception>
    public static NetworkDescription Run(Session session, FitSettings settings)
    {
        (ImageEmbeddingEstimator network, string? problem) = Load(session, settings);
        int size = Training.ChooseImageSizes(session, settings, network)[0];
        var description = new NetworkDescription
        {
            Inputs = network.Inputs,
            Outputs = network.Outputs,
            LeftOut = network.LeftOut,
            Input = network.ModelInputName,
            Output = network.ModelOutputName,
            FixedImageSize = network.FixedImageSize,
            ImageSize = size,
            Preparation = settings.At(network.Preparation, size),
            Bytes = network.NetworkBytes,
            Problem = problem,
        };
        return problem is null ? Try(session, network, description) : description;
    }

    // What is wrong with its output alone leaves something to tell.
    private static (ImageEmbeddingEstimator Network, string? Problem) Load(Session session, FitSettings settings)
    {
        try
        {
            return (Embedding.CreateNetwork(session, settings), null);
        }
        catch (InvalidOperationException e) when (settings.Pooling is null or { Kind: EmbeddingPoolingKind.None })
        {
            return (Embedding.CreateNetwork(session, settings with { Pooling = EmbeddingPooling.Max() }), Errors.Describe(e));
        }
    }

    private static NetworkDescription Try(Session session, ImageEmbeddingEstimator network, NetworkDescription description)
    {
        IDataView images = CreateImages(session.ML, description.ImageSize);
        try
        {
            using ImageEmbeddingTransformer step = network.Fit(images);
            session.EndWhenCanceled(step);
            IDataView embeddings = step.Transform(images);
            return description with
            {
                Pooling = step.Pooling,
                EmbeddingLength = ((VectorDataViewType)embeddings.Schema[Embedding.Features].Type).Size,
                MillisecondsPerImage = Measure(embeddings),
                Gpu = step.GpuDeviceId,
            };
        }
        catch (InvalidOperationException e)
        {
            return description with { Problem = Errors.Describe(e) };
        }
    }

    private static double Measure(IDataView embeddings)
    {
        // The first pass makes what is kept for the others.
        Pass();
        var watch = Stopwatch.StartNew();
        int passes = 0;
        for (; watch.Elapsed < s_time; passes++)
            Pass();
        return watch.Elapsed.TotalMilliseconds / (passes * s_images);

        void Pass()
        {
            foreach (VBuffer<float> _ in embeddings.GetColumn<VBuffer<float>>(Embedding.Features))
            {
            }
        }
    }

    private static IDataView CreateImages(MLContext ml, int size)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PreparedImage));
        schema[nameof(PreparedImage.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, size, size);
        return ml.Data.LoadFromEnumerable(Enumerable.Repeat(new PreparedImage { Pixels = new float[3 * size * size] }, s_images), schema);
    }

    private sealed class PreparedImage
    {
        public float[] Pixels { get; set; } = [];
    }
}
