using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;

namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>The program as a service, on a free port of this machine's own address.</summary>
internal sealed class ServedLandmarks : IAsyncDisposable
{
    private const string Listening = "Listening on ", Ready = "Ready ", Key = "of this run alone";

    // For the requests that have just been answered to be forgotten.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);

    private readonly Process _process;

    private ServedLandmarks(Process process, HttpClient client) => (_process, Client) = (process, client);

    /// <summary>The file of the program.</summary>
    public static string Program { get; } = Path.Combine(typeof(ServedLandmarks).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Landmarks").Value!, "landmarks.dll");

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>The seconds of all threads so far.</summary>
    public double Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The most bytes that it ever had.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="PeerFailedException">It did not start.</exception>
    public static async Task<ServedLandmarks> StartAsync(string model, CancellationToken cancellation)
    {
        Process process = MeasuredProcess.Start([Program, "serve", "--model", model, "--urls", "http://127.0.0.1:0", "--admin-key", Key]);
        var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        var served = new ServedLandmarks(process, client);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                if (line.StartsWith(Listening, StringComparison.Ordinal))
                    client.BaseAddress = new Uri(line[Listening.Length..]);
                else if (line.StartsWith(Ready, StringComparison.Ordinal))
                {
                    // The log has a reader, who throws it away.
                    process.ErrorDataReceived += (_, _) => { };
                    process.BeginErrorReadLine();
                    return served;
                }
            }

            throw new PeerFailedException($"serve did not start: {await process.StandardError.ReadToEndAsync(cancellation)}");
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }
    }

    /// <summary>The bytes that it has while it answers nothing.</summary>
    public async Task<long> MemoryAtRestAsync(CancellationToken cancellation)
    {
        await Task.Delay(s_rest, cancellation);
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Has it load its model anew.</summary>
    /// <param name="times">How many times.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HttpRequestException">It could not.</exception>
    public async Task ReloadAsync(int times, CancellationToken cancellation)
    {
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage response = await Client.PostAsync("/admin/reload", content: null, cancellation);
            response.EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
