using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks;

/// <summary>Runs an ONNX network on batches of images, on the CPU.</summary>
internal sealed class OnnxEmbedder : IDisposable
{
    // More images at once make the CPU no faster, and a network holds tens of MB of intermediate values for each.
    private const int MostImagesAtOnce = 4;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly ConcurrentDictionary<(int Height, int Width), int> _probed = [];
    // A session must not be freed while another thread runs it.
    private readonly ReaderWriterLockSlim _inUse = new();
    private bool _disposed;

    /// <param name="network">The bytes of the ONNX file.</param>
    /// <param name="name">What messages call the network.</param>
    /// <param name="inputName">The input's name; null where there is one.</param>
    /// <param name="outputName">The output's name; null where there is one.</param>
    /// <exception cref="InvalidOperationException">There is no native ONNX Runtime, or the network can't be used; the message says which.</exception>
    public OnnxEmbedder(byte[] network, string name, string? inputName, string? outputName)
    {
        _session = CreateSession(network, name);
        try
        {
            Info = NetworkInfo.Of(_session, inputName, outputName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkInfo Info { get; }

    /// <summary>Values in the output of one image of this size.</summary>
    public int GetDimension(int height, int width)
    {
        if (Info.Dimension is { } dimension)
            return dimension;
        int batch = Info.BatchSize ?? 1;
        return _probed.GetOrAdd((height, width), _ => Run(new float[batch * 3 * height * width], batch, height, width, output => output.Length / batch));
    }

    /// <summary>Embeds images.</summary>
    /// <param name="images">Pixels [n, 3, height, width] for at least <paramref name="count"/> images, up to a multiple of a fixed batch size; what stands behind them is ignored.</param>
    /// <param name="count">How many images there are.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="embeddings">[count, dimension], overwritten.</param>
    public void Embed(float[] images, int count, int height, int width, Memory<float> embeddings)
    {
        int dimension = embeddings.Length / Math.Max(count, 1);
        int batch = Info.BatchSize ?? Math.Min(count, MostImagesAtOnce);
        int imageLength = 3 * height * width;
        for (int start = 0; start < count; start += batch)
        {
            int valid = Math.Min(batch, count - start);
            int run = Info.BatchSize ?? valid;
            Memory<float> target = embeddings.Slice(start * dimension, valid * dimension);
            Run(images.AsMemory(start * imageLength, run * imageLength), run, height, width, output =>
            {
                if (output.Length != run * dimension)
                    throw Errors.NetworkOutputLength(Info.OutputName, run * dimension, output.Length);
                output[..target.Length].CopyTo(target.Span);
                return valid;
            });
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
            _session.Dispose();
            _runOptions.Dispose();
        }
        finally
        {
            _inUse.ExitWriteLock();
        }
    }

    private int Run(Memory<float> images, int batch, int height, int width, Func<ReadOnlySpan<float>, int> read)
    {
        _inUse.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, images, [batch, 3, height, width]);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, [Info.InputName], [input], [Info.OutputName]);
            return read(outputs[0].GetTensorDataAsSpan<float>());
        }
        finally
        {
            _inUse.ExitReadLock();
        }
    }

    private static InferenceSession CreateSession(byte[] network, string name)
    {
        try
        {
            using var options = new SessionOptions();
            // Threads that wait for work by spinning would take the cores that decode the next photographs.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            // Weights in a second file can't travel in a model zip. Without this they would be found by chance, in the current folder.
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.Combine(Path.GetTempPath(), "no-external-weights"));
            return new InferenceSession(network, options);
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
