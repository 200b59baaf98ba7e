using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Landmarks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landmarks.Demo.Output;

/// <summary>
/// Standard output and standard error. On a terminal there are bars and tables in color; redirected, plain lines without control codes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lasts as long as the process.")]
internal sealed class Terminal
{
    // Wider than any line: a file has no edge to wrap at.
    private const int RedirectedWidth = 10_000;

    // What is squeezed into less loses its figures.
    private const int NarrowestTable = 80;

    private const int MostCharactersOfALine = 8_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    private readonly LastingWriter _output = new(Console.Out);
    private readonly LastingWriter _error = new(Console.Error);
    private readonly IAnsiConsole _console;
    private LastingWriter _lines;
    private IAnsiConsole _tables;

    public Terminal()
    {
        _lines = _output;
        IsRedirected = Console.IsOutputRedirected;
        _console = IsRedirected ? CreatePlain(_output) : AnsiConsole.Create(new AnsiConsoleSettings());
        _tables = _console;
    }

    /// <summary>Whether standard output is no terminal.</summary>
    public bool IsRedirected { get; }

    /// <summary>Why standard output could not be written; null where it could.</summary>
    public Exception? Failure => _output.Failure;

    /// <summary>Keeps standard output for a file that is written there: lines and tables go to standard error from here on.</summary>
    public void YieldOutput() => (_lines, _tables) = (_error, CreatePlain(_error));

    /// <summary>Writes a line: no markup is read in it, and a path in it is never broken. A name in it is shown, not obeyed.</summary>
    public void WriteLine(string line = "") => _lines.WriteLine(VisibleText.Escape(line));

    public void WriteWarning(string message) => _error.WriteLine($"warning: {Line(message)}");

    public void WriteError(string message) => _error.WriteLine($"error: {Line(message)}");

    /// <summary>Writes what is told at the end, if it can be written soon: .NET writes standard error under the lock of standard output,
    /// and where nobody reads the one, as a program that has started this one and forgot it, both stand still.</summary>
    public static void WriteAtEnd(Action write)
    {
        var thread = new Thread(write.Invoke) { IsBackground = true };
        thread.Start();
        thread.Join(s_patience);
    }

    /// <summary>Writes details that were asked for, of as many lines as they have.</summary>
    public void WriteDetails(string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
            _error.WriteLine(VisibleText.Escape(line));
    }

    /// <summary>Writes a table. The terminal itself breaks the lines of one that is too wide even so.</summary>
    public void Write(IRenderable renderable)
    {
        int width = _tables.Profile.Width;
        _tables.Profile.Width = Math.Max(width, NarrowestTable);
        _tables.Write(renderable);
        _tables.Profile.Width = width;
    }

    /// <summary>A cell of a table, with its text shown, not obeyed.</summary>
    public static Text Cell(string text, Style? style = null) => new(VisibleText.Escape(text), style);

    /// <summary>A table that is as wide as what it holds, with a frame on a terminal alone. Where that is too narrow, all columns but the
    /// first are broken.</summary>
    public Table CreateTable(params string[] columns)
    {
        Table table = new Table().Border(IsRedirected || _tables != _console ? TableBorder.None : TableBorder.Rounded);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        table.Columns[0].NoWrap();
        return table;
    }

    /// <summary>Does work that reports how far it is.</summary>
    public T Follow<T>(Func<IProgressBoard, T> work, bool allowBars)
    {
        // Bars are drawn on standard output.
        if (!allowBars || IsRedirected || _lines != _output || !_console.Profile.Capabilities.Ansi
            || !_console.Profile.Capabilities.Interactive)
        {
            return work(new LineProgressBoard(this));
        }

        return _console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new RateColumn(),
            new RemainingTimeColumn())
            .Start(context => work(new BarProgressBoard(context)));
    }

    private static IAnsiConsole CreatePlain(LastingWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            // Some build servers are taken for terminals by their environment variables.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = RedirectedWidth;
        return console;
    }

    // Messages of this program and of the library are shorter; those of others may quote a whole file.
    private static string Line(string message) => VisibleText.Visible(VisibleText.OneLine(message), MostCharactersOfALine);

    /// <summary>Shows the cursor, which a bar hides, after bars that were not followed to their end.</summary>
    public void RestoreCursor()
    {
        if (!IsRedirected && _console.Profile.Capabilities.Ansi)
            _console.Cursor.Show();
    }
}
