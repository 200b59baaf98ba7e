using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>The program as a service, on a free port.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private const string Listening = "Listening on ", UrlsOption = "--urls", OfSocket = "http://unix:";

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Task _reading;

    private ServedProgram(Process process)
    {
        _process = process;
        _reading = ReadErrorsAsync();
    }

    /// <summary>What it has written to standard error.</summary>
    public string Error => string.Join('\n', _errors);

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Url => Client.BaseAddress!;

    /// <summary>The memory that it has.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts the program, and waits until it is ready.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments; without an address it takes a free port.</param>
    public static Task<ServedProgram> StartAsync(WorkFolder folder, params string[] arguments)
        => StartAsync(folder, new Dictionary<string, string>(), arguments);

    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">What its environment has beside that of these tests.</param>
    /// <param name="arguments">Its arguments; without an address it takes a free port.</param>
    /// <inheritdoc cref="StartAsync(WorkFolder, string[])"/>
    public static Task<ServedProgram> StartAsync(WorkFolder folder, IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [DemoProgram.Program, .. Serve(arguments)]);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return StartAsync(start, folder);
    }

    /// <summary>Starts the program, and waits until it listens.</summary>
    /// <inheritdoc cref="StartAsync(WorkFolder, string[])"/>
    public static Task<ServedProgram> ListenAsync(WorkFolder folder, params string[] arguments)
        => ListenAsync(new ProcessStartInfo("dotnet", [DemoProgram.Program, .. Serve(arguments)]), folder);

    /// <param name="redirection">Where its outputs go, as a shell reads it; the others are read here.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments; without an address it takes a free port.</param>
    /// <inheritdoc cref="StartAsync(WorkFolder, string[])"/>
    public static Task<ServedProgram> StartAsync(string redirection, WorkFolder folder, params string[] arguments) => StartAsync(
        new ProcessStartInfo("sh", ["-c", $"exec dotnet \"$0\" \"$@\" {redirection}", DemoProgram.Program, .. Serve(arguments)]),
        folder);

    private static async Task<ServedProgram> StartAsync(ProcessStartInfo start, WorkFolder folder)
    {
        ServedProgram program = await ListenAsync(start, folder);
        await program.ReadUntilAsync("Ready after ");
        return program;
    }

    private static async Task<ServedProgram> ListenAsync(ProcessStartInfo start, WorkFolder folder)
    {
        start.WorkingDirectory = folder.FullPath;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["TMPDIR"] = start.Environment["TEMP"] = start.Environment["TMP"] = folder.Temporary;
        var program = new ServedProgram(Process.Start(start)!);
        string url = await program.ReadUntilAsync(Listening);
        program.Client = CreateClient(url[Listening.Length..]);
        return program;
    }

    private static IEnumerable<string> Serve(string[] arguments)
        => ["serve", .. arguments.Contains(UrlsOption) ? [] : (string[])[UrlsOption, "http://127.0.0.1:0"], .. arguments];

    private static HttpClient CreateClient(string url)
    {
        if (!url.StartsWith(OfSocket, StringComparison.Ordinal))
            return new HttpClient { BaseAddress = new Uri(url), Timeout = Waiting.Limit };
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(url[OfSocket.Length..]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://landmarks"), Timeout = Waiting.Limit };
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="OperationCanceledException">It goes on: a signal is ignored where what started the tests ignores it.</exception>
    public async Task<ProgramResult> EndAsync()
    {
        var watch = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Waiting.Limit);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            _output.Add(line);
        await _reading.WaitAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return new ProgramResult(_process.ExitCode, string.Join('\n', _output), Error, watch.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> ReadUntilAsync(string start)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line;
        }

        await _reading;
        throw new AssertFailedException($"It ended before '{start}': {Error}");
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            _errors.Enqueue(line);
    }
}
