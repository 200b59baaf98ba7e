using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Microsoft.ML.Landmarks.Embeddings.Pooling;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>Runs an ONNX network on batches of images.</summary>
internal sealed class OnnxEmbedder : IDisposable
{
    private readonly OnnxDevice _device;
    private readonly OnnxLog _log;
    private readonly OnnxSessions _sessions;
    private readonly bool _averageMirror;
    // Axes of what the network makes of one image.
    private readonly ConcurrentDictionary<(int Height, int Width), int[]> _probed;
    private readonly NetworkFeed _feed;
    private readonly Lock _gpuInUse;
    private readonly EmbeddingPooling? _askedPooling;
    private OutputPooling _pooling;

    /// <param name="network">The bytes of the ONNX file, with all weights.</param>
    /// <param name="log">Is told what ONNX Runtime says.</param>
    /// <param name="inputName">The input's name; null where there is one.</param>
    /// <param name="outputName">The output's name; null for the one that is the embedding by its name or its shape.</param>
    /// <param name="averageMirror">Whether an embedding is the mean of those of the image and of its mirror image.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="askedPooling">How what it makes is to become an embedding, for <see cref="FindPooling"/>; null: as is clear.</param>
    /// <param name="pooling">How it does, where that was found before; null: it is one until then.</param>
    /// <param name="maxDegreeOfParallelism">How many threads the first runs are likely to be allowed; null for all cores.</param>
    /// <exception cref="GpuUnavailableException">The device is a GPU that can't be used.</exception>
    /// <exception cref="InvalidOperationException">There is no native ONNX Runtime, or the network can't be used; the message says
    /// which.</exception>
    public OnnxEmbedder(byte[] network, OnnxLog log, string? inputName, string? outputName, bool averageMirror, OnnxDevice device,
        EmbeddingPooling? askedPooling = null, OutputPooling? pooling = null, int? maxDegreeOfParallelism = null)
    {
        (_askedPooling, _pooling) = (askedPooling, pooling ?? OutputPooling.None);
        _log = log;
        _averageMirror = averageMirror;
        _device = device;
        _probed = [];
        _gpuInUse = new Lock();
        _sessions = new OnnxSessions(network, log, device);
        try
        {
            var parallelism = new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism ?? -1 };
            bool isPooled = askedPooling is { Kind: not EmbeddingPoolingKind.None };
            Info = _sessions.Use(parallelism, session => NetworkInfo.Of(session, inputName, outputName, isPooled));
            _feed = NetworkFeed.Of(Info);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private OnnxEmbedder(OnnxEmbedder other)
    {
        (Info, _log, _device, _averageMirror, _askedPooling, _pooling, _probed, _feed, _gpuInUse) = (other.Info, other._log,
            other._device, other._averageMirror, other._askedPooling, other._pooling, other._probed, other._feed, other._gpuInUse);
        _sessions = other._sessions.Share();
    }

    public NetworkInfo Info { get; }

    /// <summary>Whether it holds the network; if not, its next run takes it.</summary>
    public bool IsLoaded => _sessions.IsLoaded;

    /// <summary>The GPU that it runs on; null for the CPU.</summary>
    public int? Gpu => _device.Gpu;

    /// <summary>How many images the network takes at once: a fixed batch, or as many as suit the device.</summary>
    public int ImagesInGroup => Info.BatchSize ?? _device.ImagesInGroup;

    /// <summary>Values in the embedding of one image of this size.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, where the network has to be tried to know.</exception>
    public int GetDimension(int height, int width, ParallelOptions parallelism)
        => _pooling.LengthOf(ShapeOf(height, width, parallelism));

    /// <summary>
    /// Runs the network on a black image of each size, since what it says of itself may not be so, and finds how what it makes becomes an
    /// embedding.
    /// </summary>
    /// <param name="sizes">At least one.</param>
    /// <param name="parallelism">Threads.</param>
    /// <returns>It is what this embedder does from then on.</returns>
    /// <exception cref="InvalidOperationException">It can't take images of such a size, or its output is no embedding.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public OutputPooling FindPooling(IReadOnlyList<(int Height, int Width)> sizes, ParallelOptions parallelism)
    {
        var finder = new PoolingFinder(Info.OutputName, Info.OtherOutputs);
        foreach ((int height, int width) in sizes)
        {
            int[] shape = [ImagesInGroup, .. Try(height, width, parallelism)];
            OutputPooling found = finder.Find(_askedPooling, shape, Info.OutputShape, height, width);
            if ((height, width) != sizes[0] && found != _pooling)
                throw Errors.PoolingOfSizes(Info.OutputName, sizes[0].Height, height);
            _pooling = found;
            if (_askedPooling is null && found.Kind != EmbeddingPoolingKind.None)
                _log.Tell(Errors.PoolingFound(Info.OutputName, shape, found.Kind.ToString(), found.PrefixTokens));
        }

        return _pooling;
    }

    /// <summary>Embeds images.</summary>
    /// <param name="images">Pixels [3, height, width] of at least <paramref name="count"/> images, in groups of
    /// <see cref="ImagesInGroup"/>. They may be mirrored.</param>
    /// <param name="count">How many images there are.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="embeddings">[count, dimension], overwritten.</param>
    /// <param name="parallelism">Threads; cancelled, it ends after the operators at hand.</param>
    /// <exception cref="InvalidOperationException">The GPU failed, mostly for want of memory; or the network takes levels, and a value is
    /// none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Embed(NetworkInput images, int count, int height, int width, Memory<float> embeddings, ParallelOptions parallelism)
    {
        int[] shape = ShapeOf(height, width, parallelism);
        int valuesOfImage = OutputPooling.Product(shape);
        if (Gpu is null)
        {
            // A limited number of threads is the session's, and each loop would add one. A loop without a limit would run more of them than
            // there are cores, each of which takes tens of MB, and what a session took once it keeps.
            int groupsAtOnce = OnnxSessions.AreLimited(parallelism) ? 1 : Environment.ProcessorCount;
            var loop = new ParallelOptions { MaxDegreeOfParallelism = groupsAtOnce, CancellationToken = parallelism.CancellationToken };
            ParallelLoop.For(images.GroupCount(count), loop, EmbedGroup);
            return;
        }

        lock (_gpuInUse)
        {
            for (int group = 0; group < images.GroupCount(count); group++)
            {
                parallelism.CancellationToken.ThrowIfCancellationRequested();
                EmbedGroup(group);
            }
        }

        void EmbedGroup(int group)
        {
            int dimension = embeddings.Length / count, first = group * ImagesInGroup;
            Memory<float> target = embeddings.Slice(first * dimension, Math.Min(ImagesInGroup, count - first) * dimension);
            RunGroup((output, embedding) => _pooling.Pool(output, shape, embedding));
            if (!_averageMirror)
                return;
            images.MirrorGroup(group, width);
            float[] mirrored = new float[dimension];
            RunGroup((output, embedding) =>
            {
                _pooling.Pool(output, shape, mirrored);
                TensorPrimitives.Add(mirrored, embedding, embedding);
                TensorPrimitives.Divide(embedding, 2, embedding);
            });

            void RunGroup(Action<ReadOnlySpan<float>, Span<float>> keep) => Run(images.Group(group), height, width, output =>
            {
                RequireLength(output, ImagesInGroup * valuesOfImage);
                NetworkValues.Use(output, Info.OutputKind, values =>
                {
                    for (int image = 0; image * dimension < target.Length; image++)
                        keep(values.Slice(image * valuesOfImage, valuesOfImage), target.Span.Slice(image * dimension, dimension));
                });
                return true;
            }, parallelism);
        }
    }

    /// <summary>Another embedder of the same network, whose session both use; it is freed when both are disposed.</summary>
    public OnnxEmbedder Share() => new(this);

    /// <summary>Gives the session up once no run is at work with it; a later run takes it anew.</summary>
    public void Dispose() => _sessions.Dispose();

    private int[] ShapeOf(int height, int width, ParallelOptions parallelism)
        => Info.ImageShape
            ?? _probed.GetOrAdd((height, width), _ => RunOnBlack(height, width, output => ReadShape(output)[1..], parallelism));

    private int[] Try(int height, int width, ParallelOptions parallelism)
    {
        try
        {
            return _probed[(height, width)] = RunOnBlack(height, width, CheckOutput, parallelism);
        }
        catch (Exception e) when (e is OnnxRuntimeException or OutOfMemoryException or OverflowException)
        {
            throw Errors.NetworkImage(_log.Network, height, width, e);
        }
    }

    private static int[] ReadShape(OrtValue output)
        => [.. output.GetTensorTypeAndShape().Shape.Select(length => checked((int)length))];

    private void RequireLength(OrtValue output, int length)
    {
        if (OutputPooling.Product(ReadShape(output)) is var found && found != length)
            throw Errors.NetworkOutputLength(Info.OutputName, length, found);
    }

    // Axes for one image.
    private int[] CheckOutput(OrtValue output)
    {
        int[] shape = ReadShape(output);
        if (shape.Length < 2)
            throw Errors.NetworkOutput(Info.OutputName, shape);
        if (Info.ImageShape is { } promised)
            RequireLength(output, ImagesInGroup * OutputPooling.Product(promised));
        if (shape[0] != ImagesInGroup)
            throw Errors.NetworkOutputBatch(Info.OutputName, shape, ImagesInGroup);
        return shape[1..];
    }

    private T RunOnBlack<T>(int height, int width, Func<OrtValue, T> read, ParallelOptions parallelism)
        => Run(new NetworkInput(ImagesInGroup, ImagesInGroup, 3 * height * width).Group(0), height, width, read, parallelism);

    private T Run<T>(Memory<float> images, int height, int width, Func<OrtValue, T> read, ParallelOptions parallelism)
    {
        CancellationToken cancellation = parallelism.CancellationToken;
        try
        {
            using var options = new RunOptions();
            // It is over before the options are disposed, and waits for its callback.
            using CancellationTokenRegistration ending = cancellation.Register(() => options.Terminate = true);
            return _feed.Use(images, ImagesInGroup, height, width, input => _sessions.Use(parallelism, session =>
            {
                using IDisposableReadOnlyCollection<OrtValue> outputs
                    = _log.Listen(() => session.Run(options, [Info.InputName], [input], [Info.OutputName]));
                return read(outputs[0]);
            }));
        }
        catch (OnnxRuntimeException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        catch (OnnxRuntimeException e) when (Gpu is { } gpu && OnnxDevice.GpuProblem(e) is { } problem)
        {
            throw Errors.GpuFailed(gpu, problem, e);
        }
    }
}
