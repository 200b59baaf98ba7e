using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>Tells the log of a context what ONNX Runtime says of one network, each message once.</summary>
/// <param name="env">The context.</param>
/// <param name="network">What messages call the network.</param>
/// <remarks>
/// ONNX Runtime has one environment in a process, and prints its log to standard error, with escape sequences, unless whoever makes the
/// environment takes it. This library takes it where it is first, and prints what others' sessions say as plain lines. Where an application
/// made the environment, sessions of this library are silent: what fails is an exception anyway.
/// </remarks>
internal sealed class OnnxLog(IHostEnvironment env, string network)
{
    private const string Id = "Microsoft.ML.Landmarks";

    // Native code calls it for as long as the process runs.
    private static readonly DOrtLoggingFunction s_write = Write;
    private static readonly Lazy<bool> s_isOurs = new(CreateEnvironment);

    [ThreadStatic]
    private static OnnxLog? s_listener;

    // For messages from ONNX Runtime's own threads.
    private static OnnxLog? s_lastListener;

    // Told when ONNX Runtime has returned: what a program does with a message must not throw through native code.
    private readonly ConcurrentQueue<(OrtLoggingLevel Level, string Text)> _heard = new();
    private readonly ConcurrentDictionary<string, bool> _told = new();

    /// <summary>What messages call the network.</summary>
    public string Network => network;

    /// <summary>Settings of a session that is heard by <see cref="Listen"/>.</summary>
    public static SessionOptions CreateSessionOptions()
        => s_isOurs.Value
            ? new SessionOptions { LogId = Id }
            : new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    /// <summary>Does work of ONNX Runtime, and tells what it says meanwhile.</summary>
    public T Listen<T>(Func<T> work)
    {
        OnnxLog? before = s_listener;
        s_listener = s_lastListener = this;
        try
        {
            return work();
        }
        finally
        {
            s_listener = before;
            Interlocked.CompareExchange(ref s_lastListener, null, this);
            Tell();
        }
    }

    /// <summary>Tells what was found of the network, once.</summary>
    public void Tell(string text)
    {
        if (!_told.TryAdd(text, true))
            return;
        using IChannel channel = env.Start("Network");
        channel.Info(MessageSensitivity.UserData, text);
    }

    private static bool CreateEnvironment()
    {
        if (OrtEnv.IsCreated)
            return false;
        var options = new EnvironmentCreationOptions
        {
            logId = Id,
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING,
            loggingFunction = s_write,
        };
        try
        {
            OrtEnv.CreateInstanceWithOptions(ref options);
            return true;
        }
        catch (OnnxRuntimeException) when (OrtEnv.IsCreated)
        {
            // Another thread was first.
            return false;
        }
    }

    private static void Write(IntPtr parameter, OrtLoggingLevel level, string category, string id, string place, string message)
    {
        if (id == Id && (s_listener ?? s_lastListener) is { } listener)
            listener._heard.Enqueue((level, message));
        else
            Console.Error.WriteLine($"ONNX Runtime: {message}");
    }

    private void Tell()
    {
        while (_heard.TryDequeue(out (OrtLoggingLevel Level, string Text) message))
        {
            if (!_told.TryAdd(message.Text, true))
                continue;
            string text = Errors.OnnxRuntimeSays(network, message.Text);
            using IChannel channel = env.Start("ONNX Runtime");
            if (message.Level == OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING)
                channel.Warning(MessageSensitivity.UserData, text);
            else
                // Errors are exceptions too.
                channel.Info(MessageSensitivity.UserData, text);
        }
    }
}
