using System.Diagnostics;
using Landmarks.Demo.Data;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Caching;

/// <summary>Embeds photographs by steps, but for those whose embeddings the cache has.</summary>
/// <remarks>
/// A photograph is known by its bytes, which are read once and embedded as they were hashed, so that a file which changes meanwhile makes
/// no wrong entry. One that can't be embedded is read once more by its path: the steps tell what is wrong with it as they do without a
/// cache.
/// </remarks>
internal sealed class CachedEmbedding
{
    // A killed run loses so much at most, and what is at work.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly EmbeddingCache _cache;
    private readonly ITransformer[] _steps;
    private readonly TransformerChain<ITransformer> _stepsAfter;
    private readonly DataViewSchema.Column _photographs;
    private readonly DataViewSchema.Column _embeddings;
    private readonly EmbeddingKeys _keys;
    private readonly int _mostPixels;

    private CachedEmbedding(EmbeddingCache cache, ITransformer[] steps, ITransformer[] stepsAfter, DataViewSchema.Column photographs,
        DataViewSchema.Column embeddings, EmbeddingKeys keys, int mostPixels)
    {
        (_cache, _steps, _stepsAfter) = (cache, steps, new TransformerChain<ITransformer>(stepsAfter));
        (_photographs, _embeddings, _keys, _mostPixels) = (photographs, embeddings, keys, mostPixels);
    }

    /// <param name="cache">The cache.</param>
    /// <param name="steps">What embeds photographs: a step that prepares them, where the network's does not, the network, and what is
    /// computed of its embeddings.</param>
    /// <param name="rows">The columns of the rows.</param>
    /// <param name="photographs">That of the paths of photographs.</param>
    /// <returns>Null for other steps, whose results may depend on what nobody tells.</returns>
    public static CachedEmbedding? TryCreate(EmbeddingCache cache, ITransformer[] steps, DataViewSchema rows, string photographs)
    {
        int network = Array.FindIndex(steps, step => step is ImageEmbeddingTransformer);
        if (network < 0 || !Array.TrueForAll(steps[..network], step => step is ImagePreparingTransformer)
            || !Array.TrueForAll(steps[(network + 1)..], step => step is WhiteningTransformer))
            return null;
        DataViewSchema embedded = new TransformerChain<ITransformer>(steps[..(network + 1)]).GetOutputSchema(rows);
        DataViewSchema.Column embeddings = embedded[embedded.Count - 1];
        int mostPixels = steps[0] is ImagePreparingTransformer preparing
            ? preparing.MaxPixels : ((ImageEmbeddingTransformer)steps[0]).MaxPixels;
        return EmbeddingKeys.TryCreate(embeddings, isOnGpu: ((ImageEmbeddingTransformer)steps[network]).GpuDeviceId is not null) is { } keys
            ? new CachedEmbedding(cache, steps[..(network + 1)], steps[(network + 1)..], rows[photographs], embeddings, keys, mostPixels)
            : null;
    }

    /// <summary>Rows with their embeddings, which are found or made each time that the rows are read.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="progress">Told how many are embedded.</param>
    /// <param name="log">Told of those that can't be read.</param>
    /// <param name="cancellation">Ends reading them.</param>
    public IDataView Transform(IDataView rows, IProgress<long> progress, MessageLog log, CancellationToken cancellation)
        => _stepsAfter.Transform(new EmbeddedView(rows, _embeddings,
            () => Embed(PhotographGroup.ReadAll(ImagePaths.OfRows(rows, cancellation), cancellation), progress, log)));

    private IEnumerable<float[]> Embed(IEnumerable<PhotographGroup> groups, IProgress<long> progress, MessageLog log)
    {
        UnreadablePhotographs inBytes = new(), unreadable = new();
        using TransformerChain<ITransformer> ofBytes = CopySteps(inBytes), ofPaths = CopySteps(unreadable);
        UnreadablePhotographs.Skip(ofBytes, told: inBytes);
        long done = 0;
        try
        {
            foreach (PhotographGroup group in ReadAhead.Of(groups))
            {
                foreach (float[] embedding in Embed(group))
                    yield return embedding;
            }
        }
        finally
        {
            if (unreadable.All is [{ } first, ..] all)
                log.Warn(Errors.Unreadable(all.Count, LibraryTexts.Translate(first.Message)));
        }

        float[][] Embed(PhotographGroup group)
        {
            IReadOnlyList<HashedPhotograph> photographs = group.Photographs;
            byte[]?[] keys = [.. photographs.Select(photograph => _keys.Of(photograph.Hash))];
            float[]?[] embeddings = _cache.Find(keys, Dimension, _mostPixels);
            AddDone(embeddings.Count(embedding => embedding is not null));
            List<(byte[] Key, float[] Embedding)> made = [];
            var watch = Stopwatch.StartNew();
            try
            {
                foreach ((int i, float[] embedding) in Run(ofBytes, Missing(i => keys[i] is not null), photographs, OfBytes))
                {
                    if (inBytes.Contains(photographs[i].Row))
                        continue;
                    Add(i, embedding);
                    made.Add((keys[i]!, embedding));
                    if (watch.Elapsed < s_interval)
                        continue;
                    _cache.Add(made, _mostPixels);
                    made.Clear();
                    watch.Restart();
                }
            }
            finally
            {
                _cache.Add(made, _mostPixels);
            }

            foreach ((int i, float[] embedding) in Run(ofPaths, Missing(_ => true), photographs, OfPaths))
                Add(i, embedding);
            return embeddings!;

            int[] Missing(Func<int, bool> isTaken)
                => [.. Enumerable.Range(0, photographs.Count).Where(i => embeddings[i] is null && isTaken(i))];

            void Add(int i, float[] embedding)
            {
                embeddings[i] = embedding;
                AddDone(1);
            }
        }

        void AddDone(int count)
        {
            if (count > 0)
                progress.Report(done += count);
        }
    }

    private int Dimension => ((VectorDataViewType)_embeddings.Type).Size;

    private IDataView OfBytes(IReadOnlyList<HashedPhotograph> photographs) => new PhotographView<VBuffer<byte>>(_photographs.Name,
        new VectorDataViewType(NumberDataViewType.Byte), photographs, (photograph, ref value) =>
        {
            VBufferEditor<byte> editor = VBufferEditor.Create(ref value, photograph.Bytes.Length);
            photograph.Bytes.CopyTo(editor.Values);
            value = editor.Commit();
        });

    private IDataView OfPaths(IReadOnlyList<HashedPhotograph> photographs) => new PhotographView<ReadOnlyMemory<char>>(_photographs.Name,
        _photographs.Type, photographs, (photograph, ref value) => value = photograph.Path.AsMemory());

    private IEnumerable<(int Place, float[] Embedding)> Run(TransformerChain<ITransformer> steps, int[] places,
        IReadOnlyList<HashedPhotograph> photographs, Func<IReadOnlyList<HashedPhotograph>, IDataView> view)
        => places.Length == 0 ? []
        : places.Zip(steps.Transform(view([.. places.Select(i => photographs[i])])).GetColumn<float[]>(_embeddings.Name));

    // With the network of the steps, which are left as they are.
    private TransformerChain<ITransformer> CopySteps(UnreadablePhotographs unlessTold)
    {
        return new TransformerChain<ITransformer>([.. _steps.Select(Copy)]);

        ITransformer Copy(ITransformer step)
        {
            if (step is ImagePreparingTransformer images)
            {
                images = images.WithBadImages(images.BadImages);
                images.SkippedImages ??= unlessTold;
                return images;
            }

            var network = (ImageEmbeddingTransformer)step;
            network = network.WithBadImages(network.BadImages);
            network.SkippedImages ??= unlessTold;
            return network;
        }
    }
}
