using System.Collections.Concurrent;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>The sessions of a network, one for each number of threads that its runs are allowed. The last one that ran is kept for the
/// next.</summary>
internal sealed class OnnxSessions : IDisposable
{
    // What ONNX Runtime takes for as many as there are cores.
    private const int AllThreads = 0;

    private readonly Lock _keeping = new();
    // By the number of their threads.
    private readonly ConcurrentDictionary<int, Shared<InferenceSession>> _sessions;
    private readonly Func<int, Shared<InferenceSession>> _create;
    private Shared<InferenceSession>? _kept;

    /// <param name="network">The bytes of the ONNX file, with all weights.</param>
    /// <param name="log">Is told what ONNX Runtime says.</param>
    /// <param name="device">Where they run.</param>
    public OnnxSessions(byte[] network, OnnxLog log, OnnxDevice device)
    {
        _sessions = [];
        _create = threads => new Shared<InferenceSession>(() => log.Listen(() => Create(network, log.Network, device, threads)));
    }

    private OnnxSessions(OnnxSessions other)
    {
        (_sessions, _create) = (other._sessions, other._create);
        lock (other._keeping)
        {
            if (other._kept is { } kept)
                Keep(kept);
        }
    }

    /// <summary>Whether one is held; if not, the next run makes it.</summary>
    public bool IsLoaded => _kept is not null;

    /// <summary>Whether runs get fewer threads than there are cores.</summary>
    public static bool AreLimited(ParallelOptions parallelism) => ThreadsOf(parallelism) != AllThreads;

    /// <summary>The same sessions, which are freed when both are disposed.</summary>
    public OnnxSessions Share() => new(this);

    /// <summary>Works with a session, which is there while that lasts.</summary>
    /// <param name="parallelism">Threads.</param>
    /// <param name="use">The work.</param>
    /// <exception cref="GpuUnavailableException">The device is a GPU that can't be used.</exception>
    /// <exception cref="InvalidOperationException">There is no native ONNX Runtime, or the network can't be used.</exception>
    public T Use<T>(ParallelOptions parallelism, Func<InferenceSession, T> use)
    {
        Shared<InferenceSession> session = _sessions.GetOrAdd(ThreadsOf(parallelism), _create);
        InferenceSession taken = session.Take();
        try
        {
            lock (_keeping)
                Keep(session);
            return use(taken);
        }
        finally
        {
            session.Release();
        }
    }

    /// <summary>Gives up what is kept once no run is at work with it; a later run makes it anew.</summary>
    public void Dispose()
    {
        lock (_keeping)
        {
            _kept?.Release();
            _kept = null;
        }
    }

    // As many threads as there are cores are those that a session has anyway.
    private static int ThreadsOf(ParallelOptions parallelism)
        => ParallelLoop.ThreadsOf(parallelism) is int threads && threads < Environment.ProcessorCount ? threads : AllThreads;

    private void Keep(Shared<InferenceSession> session)
    {
        if (_kept == session)
            return;
        session.Take();
        _kept?.Release();
        _kept = session;
    }

    private static InferenceSession Create(byte[] network, string name, OnnxDevice device, int threads)
    {
        try
        {
            using SessionOptions options = OnnxLog.CreateSessionOptions();
            options.IntraOpNumThreads = threads;
            // Threads that wait for work by spinning would take the cores from those that decode the next photographs.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            // All weights are in the bytes. Without this others would be found by chance, in the current folder.
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path",
                Path.Combine(Path.GetTempPath(), "no-external-weights"));
            device.Configure(options);
            return new InferenceSession(network, options);
        }
        catch (Exception e) when (device.Gpu is { } gpu && OnnxDevice.GpuProblem(e) is { } problem)
        {
            throw new GpuUnavailableException(gpu, problem, e);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
            or TypeInitializationException)
        {
            throw Errors.NoOnnxRuntime(e);
        }
        catch (OnnxRuntimeException e)
        {
            throw Errors.NetworkUnusable(name, NetworkFile.Problem(network, e.Message), e);
        }
    }
}
