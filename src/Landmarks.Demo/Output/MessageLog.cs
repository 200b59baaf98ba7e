using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Landmarks.Demo.Output;

/// <summary>
/// ML.NET's messages. Warnings are kept until <see cref="WriteWarnings"/>, since a line in the middle of a bar would break it; all others
/// are shown by --verbose alone.
/// </summary>
internal sealed class MessageLog
{
    private readonly Terminal _terminal;
    private readonly bool _isVerbose;
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly ConcurrentDictionary<string, bool> _told = new();
    private ConcurrentQueue<string>? _messages;

    public MessageLog(MLContext ml, Terminal terminal, bool isVerbose)
    {
        _terminal = terminal;
        _isVerbose = isVerbose;
        ml.Log += (_, message) => Add(message);
    }

    /// <summary>Keeps all messages from here on.</summary>
    public void Keep() => _messages = new ConcurrentQueue<string>();

    /// <summary>The messages that were kept, in order.</summary>
    public IReadOnlyCollection<string> Messages => _messages ?? [];

    /// <summary>Adds a warning, once: several steps of a job may have the same to say.</summary>
    public void Warn(string warning)
    {
        if (_told.TryAdd(warning, true))
            _warnings.Enqueue(warning);
    }

    /// <summary>Tells those who asked for details what this program does, beside ML.NET's messages.</summary>
    public void Tell(string message)
    {
        _messages?.Enqueue(message);
        if (_isVerbose)
            _terminal.WriteDetails(message);
    }

    public void WriteWarnings()
    {
        while (_warnings.TryDequeue(out string? warning))
            _terminal.WriteWarning(warning);
    }

    private void Add(LoggingEventArgs message)
    {
        if (message.Kind != ChannelMessageKind.Warning)
        {
            Tell(message.Message);
            return;
        }

        _messages?.Enqueue(message.Message);
        Warn(LibraryTexts.Translate(message.RawMessage));
    }
}
