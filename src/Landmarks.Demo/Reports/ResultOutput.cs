using System.Text;
using Landmarks.Demo.Output;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Reports;

/// <summary>Where results go: a file, standard output alone, or on a terminal among what else is said.</summary>
/// <typeparam name="T">What a result is.</typeparam>
internal sealed class ResultOutput<T> : IDisposable
{
    private readonly IResultWriter<T> _writer;
    private readonly Stream? _standardOutput;
    // Lines among bars would break them.
    private readonly List<T>? _held;

    /// <param name="terminal">Gives standard output up, but where a person reads what else is said there.</param>
    /// <param name="forms">The forms that they may have.</param>
    /// <param name="format">Their form; null for text.</param>
    /// <param name="file">Takes them; null: they are text among what else is said.</param>
    public ResultOutput(Terminal terminal, IResultForms<T> forms, ResultFormat? format, OutputFile? file)
    {
        if (file is null)
        {
            _held = [];
            _writer = forms.CreateText(terminal.WriteLine);
            return;
        }

        if (terminal.IsRedirected)
            terminal.YieldOutput();
        if (file.IsStandardOutput)
            _standardOutput = StandardOutput.Open();
        Stream stream = _standardOutput ?? file.Stream;
        _writer = format switch
        {
            ResultFormat.Json => forms.CreateJson(stream),
            ResultFormat.Csv => forms.CreateCsv(stream),
            _ => forms.CreateText(line => WriteLine(stream, line)),
        };
    }

    /// <summary>Writes a result, so that whoever reads it has it.</summary>
    /// <returns>False where nobody reads any more.</returns>
    /// <exception cref="JobFailedException">Standard output can't be written.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public bool TryWrite(T result)
    {
        if (_held is not null)
        {
            _held.Add(result);
            return true;
        }

        return Try(() => _writer.Write(result));
    }

    /// <summary>Writes what is left.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public bool TryComplete()
    {
        foreach (T result in _held ?? [])
            _writer.Write(result);
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
