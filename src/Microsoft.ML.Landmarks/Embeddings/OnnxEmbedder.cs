using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks;

/// <summary>Runs an ONNX network on batches of images.</summary>
internal sealed class OnnxEmbedder : IDisposable
{
    private readonly OnnxDevice _device;
    private readonly Shared<InferenceSession> _session;
    private readonly bool _averageMirror;
    private readonly RunOptions _runOptions;
    private readonly ConcurrentDictionary<(int Height, int Width), int> _probed;
    private readonly Lock _gpuInUse;
    // A session must not be freed while another thread runs it.
    private readonly ReaderWriterLockSlim _inUse = new();
    private bool _disposed;

    /// <param name="network">The bytes of the ONNX file.</param>
    /// <param name="name">What messages call the network.</param>
    /// <param name="inputName">The input's name; null where there is one.</param>
    /// <param name="outputName">The output's name; null where there is one.</param>
    /// <param name="averageMirror">Whether an embedding is the mean of those of the image and of its mirror image.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="GpuUnavailableException">The device is a GPU that can't be used.</exception>
    /// <exception cref="InvalidOperationException">There is no native ONNX Runtime, or the network can't be used; the message says which.</exception>
    public OnnxEmbedder(byte[] network, string name, string? inputName, string? outputName, bool averageMirror, OnnxDevice device)
    {
        _averageMirror = averageMirror;
        _device = device;
        _probed = [];
        _gpuInUse = new Lock();
        _session = new Shared<InferenceSession>(CreateSession(network, name, device));
        _runOptions = new RunOptions();
        try
        {
            Info = NetworkInfo.Of(_session.Value, inputName, outputName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private OnnxEmbedder(OnnxEmbedder other)
    {
        (Info, _device, _averageMirror, _probed, _gpuInUse) = (other.Info, other._device, other._averageMirror, other._probed, other._gpuInUse);
        _runOptions = new RunOptions();
        _session = other._session.Share();
    }

    public NetworkInfo Info { get; }

    /// <summary>The GPU that it runs on; null for the CPU.</summary>
    public int? Gpu => _device.Gpu;

    /// <summary>How many images the network takes at once: a fixed batch, or as many as suit the device.</summary>
    public int ImagesInGroup => Info.BatchSize ?? _device.ImagesInGroup;

    /// <summary>Values in the output of one image of this size.</summary>
    public int GetDimension(int height, int width)
        => Info.Dimension ?? _probed.GetOrAdd((height, width), _ => Run(new float[ImagesInGroup * 3 * height * width], height, width, output => output.Length / ImagesInGroup));

    /// <summary>Embeds images.</summary>
    /// <param name="images">Pixels [3, height, width] of at least <paramref name="count"/> images, in groups of <see cref="ImagesInGroup"/>. They may be mirrored.</param>
    /// <param name="count">How many images there are.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="embeddings">[count, dimension], overwritten.</param>
    /// <exception cref="InvalidOperationException">The GPU failed, mostly for want of memory.</exception>
    public void Embed(NetworkInput images, int count, int height, int width, Memory<float> embeddings)
    {
        if (Gpu is null)
        {
            ParallelLoop.For(images.GroupCount(count), new ParallelOptions(), EmbedGroup);
            return;
        }

        lock (_gpuInUse)
        {
            for (int group = 0; group < images.GroupCount(count); group++)
                EmbedGroup(group);
        }

        void EmbedGroup(int group)
        {
            int dimension = embeddings.Length / count, first = group * ImagesInGroup;
            Memory<float> target = embeddings.Slice(first * dimension, Math.Min(ImagesInGroup, count - first) * dimension);
            RunGroup((output, embedding) => output.CopyTo(embedding));
            if (!_averageMirror)
                return;
            images.MirrorGroup(group, width);
            RunGroup((output, embedding) =>
            {
                TensorPrimitives.Add(output, embedding, embedding);
                TensorPrimitives.Divide(embedding, 2, embedding);
            });

            void RunGroup(Action<ReadOnlySpan<float>, Span<float>> keep) => Run(images.Group(group), height, width, output =>
            {
                if (output.Length != ImagesInGroup * dimension)
                    throw Errors.NetworkOutputLength(Info.OutputName, ImagesInGroup * dimension, output.Length);
                keep(output[..target.Length], target.Span);
                return output.Length;
            });
        }
    }

    /// <summary>Another embedder on the same session. Each is disposed for itself, and the session is freed with the last.</summary>
    public OnnxEmbedder Share()
    {
        _inUse.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new OnnxEmbedder(this);
        }
        finally
        {
            _inUse.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _inUse.EnterWriteLock();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            _session.Release();
            _runOptions.Dispose();
        }
        finally
        {
            _inUse.ExitWriteLock();
        }
    }

    private int Run(Memory<float> images, int height, int width, Func<ReadOnlySpan<float>, int> read)
    {
        _inUse.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, images, [ImagesInGroup, 3, height, width]);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Value.Run(_runOptions, [Info.InputName], [input], [Info.OutputName]);
            return read(outputs[0].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException e) when (Gpu is { } gpu && OnnxDevice.GpuProblem(e) is { } problem)
        {
            throw Errors.GpuFailed(gpu, problem, e);
        }
        finally
        {
            _inUse.ExitReadLock();
        }
    }

    private static InferenceSession CreateSession(byte[] network, string name, OnnxDevice device)
    {
        try
        {
            using var options = new SessionOptions();
            // Threads that wait for work by spinning would take the cores from those that decode the next photographs.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            // Weights in a second file can't travel in a model zip. Without this they would be found by chance, in the current folder.
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.Combine(Path.GetTempPath(), "no-external-weights"));
            device.Configure(options);
            return new InferenceSession(network, options);
        }
        catch (Exception e) when (device.Gpu is { } gpu && OnnxDevice.GpuProblem(e) is { } problem)
        {
            throw new GpuUnavailableException(gpu, problem, e);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            throw Errors.NoOnnxRuntime(e);
        }
        catch (OnnxRuntimeException e)
        {
            throw e.Message.Contains("external", StringComparison.OrdinalIgnoreCase) ? Errors.ExternalWeights(name, e) : Errors.NotANetwork(name, e);
        }
    }
}
