using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>The service in this process, on a free port of this machine's own address, without a model to begin with.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly LandmarkServer _server;

    private TestServer(LandmarkServer server)
    {
        _server = server;
        Url = new Uri(server.Urls.Single());
        Client = CreateClient();
    }

    public Uri Url { get; }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>How many photographs wait for their answers.</summary>
    public int WaitingCount => _server.WaitingCount;

    /// <param name="change">Changes the settings.</param>
    public static async Task<TestServer> StartAsync(Func<ServeSettings, ServeSettings>? change = null)
    {
        var settings = new ServeSettings
        {
            Model = "missing.zip",
            Addresses = [ServedAddress.Parse("http://127.0.0.1:0")!],
            Top = 5,
            MaxQueue = 100,
            MaxBytes = 1_000_000,
            MaxPixels = 1_000_000,
        };
        var session = new Session(new Terminal(), new OutputFiles(), isVerbose: false, CancellationToken.None);
        var server = new LandmarkServer(session, change?.Invoke(settings) ?? settings);
        await server.StartAsync(CancellationToken.None);
        return new TestServer(server);
    }

    /// <summary>Serves a model from here on.</summary>
    public void Serve(FakeModel model) => _server.Serve(model.Served);

    /// <summary>Ends it as a signal does.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>A client with a connection of its own.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = Url, Timeout = Waiting.Limit };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
