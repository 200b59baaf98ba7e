using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>Runs the network on the images of a batch. A missing image, one whose first value is NaN, does not go through it.</summary>
internal sealed class ImageEmbeddingKernel : IBatchKernel
{
    private const int Missing = -1;

    private readonly OnnxEmbedder _embedder;
    private readonly int _height, _width, _dimension;
    private readonly DataViewRow _input;
    private readonly DataViewSchema.Column _column;
    private readonly SpareArrays _spares;
    private readonly NetworkInput _images;
    // Made with the first row: many a kernel gets none, where rows are few.
    private VectorReader<float>? _reader;
    private AlignedArray<float>? _read;
    private float[] _embeddings = [];
    // Where the embedding of each slot stands: images that are there stand together.
    private readonly int[] _places;
    private int _imageCount;

    public ImageEmbeddingKernel(
        OnnxEmbedder embedder, DataViewRow input, DataViewSchema.Column column, int height, int width, int dimension,
        SpareArrays spares, int capacity)
    {
        _embedder = embedder;
        _height = height;
        _width = width;
        _dimension = dimension;
        _input = input;
        _column = column;
        _spares = spares;
        _images = new NetworkInput(capacity, embedder.ImagesInGroup, 3 * height * width, spares);
        _places = new int[capacity];
    }

    public void Read(int slot, long position)
    {
        if (slot == 0)
            _imageCount = 0;
        Span<float> image = _images.Image(_imageCount).Span;
        _read ??= _spares.Take(image.Length);
        _reader ??= new VectorReader<float>(_input, _column, _read.Values);
        _reader.Read().CopyTo(image);
        _places[slot] = float.IsNaN(image[0]) ? Missing : _imageCount++;
    }

    public long HeldBytes => _images.BytesOfGroups(_imageCount);

    public void Run(int count, ParallelOptions parallelism)
    {
        if (_imageCount == 0)
            return;
        using StageDurations.Measurement running = StageDurations.Network.Measure();
        BatchArray.Reserve(ref _embeddings, _imageCount, _dimension);
        _embedder.Embed(_images, _imageCount, _height, _width, _embeddings.AsMemory(0, _imageCount * _dimension), parallelism);
    }

    public Delegate GetGetter(int output) => (SlotGetter<VBuffer<float>>)((int slot, ref VBuffer<float> value) =>
    {
        if (_places[slot] == Missing)
            VectorValues.Fill(float.NaN, _dimension, ref value);
        else
            new ReadOnlySpan<float>(_embeddings, _places[slot] * _dimension, _dimension).CopyTo(ref value);
    });

    public void Dispose()
    {
        _images.Dispose();
        if (_read is not null)
            _spares.Return(_read);
    }
}
