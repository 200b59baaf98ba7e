using System.Text;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Reports;

/// <summary>Where answers go: a file, standard output alone, or on a terminal among what else is said.</summary>
internal sealed class AnswerOutput : IDisposable
{
    private readonly IAnswerWriter _writer;
    private readonly Stream? _standardOutput;
    // Lines among bars would break them.
    private readonly List<LandmarkAnswer>? _held;

    /// <param name="terminal">Gives standard output up for the answers, but where a person reads both.</param>
    /// <param name="format">The form of the answers; null for text.</param>
    /// <param name="file">Takes them; null for standard output.</param>
    /// <param name="top">How many of the best landmarks were asked for.</param>
    public AnswerOutput(Terminal terminal, AnswerFormat? format, Stream? file, int? top)
    {
        if (terminal.IsRedirected || (format is not null && file is null))
            terminal.YieldOutput();
        else if (file is null)
        {
            _held = [];
            _writer = new TextAnswerWriter(terminal.WriteLine, isDetailed: top is not null);
            return;
        }

        if (file is null)
            _standardOutput = StandardOutput.Open();

        Stream stream = file ?? _standardOutput!;
        _writer = format switch
        {
            AnswerFormat.Json => new JsonAnswerWriter(stream),
            AnswerFormat.Csv => new CsvAnswerWriter(stream, top ?? 0),
            _ => new TextAnswerWriter(line => WriteLine(stream, line), isDetailed: top is not null),
        };
    }

    /// <summary>Writes an answer, so that whoever reads it has it.</summary>
    /// <returns>False where nobody reads any more.</returns>
    /// <exception cref="JobFailedException">Standard output can't be written.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public bool TryWrite(LandmarkAnswer answer)
    {
        if (_held is not null)
        {
            _held.Add(answer);
            return true;
        }

        return Try(() => _writer.Write(answer));
    }

    /// <summary>Writes what is left.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public bool TryComplete()
    {
        foreach (LandmarkAnswer answer in _held ?? [])
            _writer.Write(answer);
        return Try(() => (_writer as IDisposable)?.Dispose());
    }

    public void Dispose() => _standardOutput?.Dispose();

    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (_standardOutput is not null && e is IOException or UnauthorizedAccessException)
        {
            return StandardOutput.HasNoReader(e) ? false : throw new JobFailedException(Errors.StandardOutput(e), e);
        }
    }

    private static void WriteLine(Stream stream, string line)
    {
        stream.Write(Encoding.UTF8.GetBytes(VisibleText.Escape(line) + '\n'));
        stream.Flush();
    }
}
