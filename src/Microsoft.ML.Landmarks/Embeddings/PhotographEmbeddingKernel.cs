using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>
/// Decodes each photograph of a batch once, prepares it at several sizes, and takes the mean of the network's outputs, each scaled to unit
/// length.
/// </summary>
internal sealed class PhotographEmbeddingKernel : IBatchKernel
{
    // Photographs that are prepared at all sizes before the network gets them: enough for all cores and for a group of the network, few
    // enough to hold.
    private const int LeastAtOnce = 8;

    private readonly OnnxEmbedder _embedder;
    private readonly PhotographBatch _photographs;
    private readonly ImagePreparer _preparer;
    private readonly int[] _sizes;
    private readonly NetworkInput[] _inputs;
    private readonly int _atOnce, _dimension;
    private float[] _outputs = [];
    private float[] _embeddings = [];

    public PhotographEmbeddingKernel(OnnxEmbedder embedder, PhotographBatch photographs, ImagePreparer preparer, int[] sizes, int dimension,
        SpareArrays spares, int capacity)
    {
        _embedder = embedder;
        _photographs = photographs;
        _preparer = preparer;
        _sizes = sizes;
        _dimension = dimension;
        long mostPhotographs = RowBatch.MostBytes / sizes.Sum(size => (long)ImagePreparer.LengthOf(size) * sizeof(float));
        _atOnce = (int)Math.Clamp(Math.Max(LeastAtOnce, Environment.ProcessorCount), 1, Math.Max(mostPhotographs, 1));
        _atOnce = Math.Min(Math.Max(_atOnce, embedder.ImagesInGroup), capacity);
        _inputs = [.. sizes.Select(size => new NetworkInput(_atOnce, embedder.ImagesInGroup, ImagePreparer.LengthOf(size), spares))];
    }

    public long HeldBytes => _photographs.HeldBytes;

    public void Read(int slot, long position) => _photographs.Read(slot, position);

    public void Run(int count, ParallelOptions parallelism)
    {
        BatchArray.Reserve(ref _embeddings, count, _dimension);
        BatchArray.Reserve(ref _outputs, Math.Min(_atOnce, count), _dimension);
        for (int first = 0; first < count; first += _atOnce)
            Run(first, Math.Min(_atOnce, count - first), parallelism);
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value)
        => new ReadOnlySpan<float>(_embeddings, slot * _dimension, _dimension).CopyTo(ref value));

    public void Dispose()
    {
        _photographs.Dispose();
        foreach (NetworkInput input in _inputs)
            input.Dispose();
    }

    private void Run(int first, int count, ParallelOptions parallelism)
    {
        using (StageDurations.Decode.Measure())
            _photographs.ForEach(first, count, (slot, image) => Prepare(image, slot - first), parallelism);
        for (int i = 0; i < count; i++)
        {
            // What stands there from before may be no image of this network.
            if (_photographs.IsMissing(first + i))
                Array.ForEach(_inputs, input => input.Image(i).Span.Clear());
        }

        using StageDurations.Measurement running = StageDurations.Network.Measure();
        Span<float> embeddings = _embeddings.AsSpan(first * _dimension, count * _dimension);
        embeddings.Clear();
        for (int size = 0; size < _sizes.Length; size++)
        {
            // What the network makes of the black image of a missing photograph is not used.
            _embedder.Embed(_inputs[size], count, _sizes[size], _sizes[size], _outputs.AsMemory(0, count * _dimension), parallelism);
            for (int i = 0; i < count; i++)
                AddUnit(_outputs.AsSpan(i * _dimension, _dimension), embeddings.Slice(i * _dimension, _dimension));
        }

        for (int i = 0; i < count; i++)
        {
            if (_photographs.IsMissing(first + i))
                embeddings.Slice(i * _dimension, _dimension).Fill(float.NaN);
        }
    }

    private void Prepare(PixelRows image, int place)
        => _preparer.Prepare(image, [.. _inputs.Select(input => input.Image(place))]);

    // Adds a share of the output at unit length; an output that is not finite makes the embedding a missing one.
    private void AddUnit(Span<float> output, Span<float> embedding)
    {
        if (!UnitVector.TryNormalize(output))
            output.Fill(float.NaN);
        for (int i = 0; i < output.Length; i++)
            embedding[i] += output[i] / _sizes.Length;
    }
}
