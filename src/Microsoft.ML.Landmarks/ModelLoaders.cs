using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Embeddings;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Whitening;
using Microsoft.ML.Runtime;

// A model zip names an assembly and a loader; ML.NET loads the assembly and finds the loader by these lines.
[assembly: LoadableClass(typeof(ImagePreparingTransformer), typeof(ModelLoaders.ImagePreparing), null, typeof(SignatureLoadModel), "",
    ImagePreparingTransformer.LoaderName)]
[assembly: LoadableClass(typeof(ImageEmbeddingTransformer), typeof(ModelLoaders.ImageEmbedding), null, typeof(SignatureLoadModel), "",
    ImageEmbeddingTransformer.LoaderName)]
[assembly: LoadableClass(typeof(WhiteningTransformer), typeof(ModelLoaders.Whitening), null, typeof(SignatureLoadModel), "",
    WhiteningTransformer.LoaderName)]
[assembly: LoadableClass(typeof(KnnLandmarkTransformer), typeof(ModelLoaders.KnnLandmark), null, typeof(SignatureLoadModel), "",
    KnnLandmarkTransformer.LoaderName)]
[assembly: LoadableClass(typeof(LandmarkRecognizingTransformer), typeof(ModelLoaders.LandmarkRecognizing), null,
    typeof(SignatureLoadModel), "", LandmarkRecognizingTransformer.LoaderName)]

namespace Microsoft.ML.Landmarks;

/// <summary>What ML.NET calls to read a transformer back; the signatures are its own.</summary>
internal static class ModelLoaders
{
    internal static class ImagePreparing
    {
        private static ImagePreparingTransformer Create(IHostEnvironment env, ModelLoadContext context)
            => Load(context, ImagePreparingFormat.Format, model => ImagePreparingTransformer.Load(env, model));
    }

    internal static class ImageEmbedding
    {
        private static ImageEmbeddingTransformer Create(IHostEnvironment env, ModelLoadContext context)
            => Load(context, ImageEmbeddingFormat.Format, model => ImageEmbeddingTransformer.Load(env, model));
    }

    internal static class Whitening
    {
        private static WhiteningTransformer Create(IHostEnvironment env, ModelLoadContext context)
            => Load(context, WhiteningFormat.Format, model => WhiteningTransformer.Load(env, model));
    }

    internal static class KnnLandmark
    {
        private static KnnLandmarkTransformer Create(IHostEnvironment env, ModelLoadContext context)
            => Load(context, KnnLandmarkFormat.Format, model => KnnLandmarkTransformer.Load(env, model));
    }

    internal static class LandmarkRecognizing
    {
        private static LandmarkRecognizingTransformer Create(IHostEnvironment env, ModelLoadContext context)
            => Load(context, LandmarkRecognizingFormat.Format, model => LandmarkRecognizingTransformer.Load(env, model));
    }

    private static T Load<T>(ModelLoadContext context, ModelFormat format, Func<ModelReader, T> load)
        => ModelReader.Load(format, context.Header.ModelVerReadable, context.Header.ModelVerWritten, context.Reader,
            (name, read) => MLNetInternals.TryReadEntry(context, name, read), load);
}
